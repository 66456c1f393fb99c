package io.capsdb.caps.code;

import io.capsdb.io.MemoryParts;
import io.capsdb.testdata.TestData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/// Rows in partitions, coded, written and read back.
///
/// @param centroids means of the partitions
/// @param partitionStart first ordinal of each partition, then the number of rows
/// @param parts what was written
@SuppressWarnings("ArrayRecordComponent") // tests compare what they want of it themselves
record CodedRows(
    List<float[]> rows,
    float[][] centroids,
    int[] partitionStart,
    MemoryParts parts,
    RowCodes codes) {

  /// Rows around centers.
  ///
  /// @param spread deviation of the centers; that of the rows around them is 1
  static CodedRows clustered(RandomGenerator random, int dimension, int partitions, double spread) {
    return of(rows(random, dimension, partitions, spread));
  }

  /// Rows around centers, in partitions.
  static List<List<float[]>> rows(
      RandomGenerator random, int dimension, int partitions, double spread) {
    List<List<float[]>> all = new ArrayList<>();
    for (int p = 0; p < partitions; p++) {
      float[] center = TestData.around(random, new float[dimension], spread);
      List<float[]> own = new ArrayList<>();
      for (int i = 20 + random.nextInt(200); i > 0; i--) {
        own.add(TestData.around(random, center, 1));
      }
      all.add(own);
    }
    return all;
  }

  static CodedRows of(List<List<float[]>> partitions) {
    return of(partitions, new BinaryQuantizer());
  }

  static CodedRows of(List<List<float[]>> partitions, Quantizer quantizer) {
    List<float[]> rows = new ArrayList<>();
    float[][] centroids = new float[partitions.size()][];
    int[] start = new int[partitions.size() + 1];
    for (int p = 0; p < centroids.length; p++) {
      centroids[p] = mean(partitions.get(p));
      rows.addAll(partitions.get(p));
      start[p + 1] = rows.size();
    }
    MemoryParts parts = new MemoryParts();
    try {
      quantizer.encode(start, centroids, ordinal -> rows.get(ordinal).clone()).write(parts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new CodedRows(
        rows, centroids, start, parts, Quantizer.read(parts, start, centroids).orElseThrow());
  }

  private static float[] mean(List<float[]> rows) {
    double[] sum = new double[rows.getFirst().length];
    for (float[] row : rows) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += row[i];
      }
    }
    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) (sum[i] / rows.size());
    }
    return mean;
  }

  static double squaredDistance(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      sum += difference * difference;
    }
    return sum;
  }

  int partitionCount() {
    return centroids.length;
  }

  /// Squared distance of the query to each centroid.
  float[] centroidDistances(float[] query) {
    float[] distances = new float[centroids.length];
    for (int p = 0; p < distances.length; p++) {
      distances[p] = (float) squaredDistance(query, centroids[p]);
    }
    return distances;
  }

  /// The codes where they are of signs.
  BinaryCodes signs() {
    return (BinaryCodes) codes;
  }

  /// The bound of each row by a scan of all partitions, in squared L2.
  float[] bounds(float[] query, float confidence) {
    return bounds(query, confidence, centroidDistances(query));
  }

  /// The bound of each row by a scan of all partitions.
  float[] bounds(float[] query, float confidence, float[] centroidDistances) {
    CodedQuery code = codes.query(query, confidence);
    Candidates candidates = new Candidates();
    for (int p = 0; p < centroids.length; p++) {
      code.scan(p, centroidDistances[p], Float.POSITIVE_INFINITY, null, candidates);
    }
    float[] bounds = new float[rows.size()];
    Arrays.fill(bounds, Float.NaN);
    for (int i = 0; i < candidates.count(); i++) {
      bounds[candidates.rows()[i]] = candidates.bounds()[i];
    }
    return bounds;
  }

  /// What the loops of this processor pass over rows by before they look at all planes of the
  /// query: the bound of each row by its high planes. Negative infinity where they look at all
  /// at once.
  float[] highBounds(float[] query, float confidence, float[] centroidDistances) {
    float[] bounds = new float[rows.size()];
    Arrays.fill(bounds, Float.NEGATIVE_INFINITY);
    if (codes instanceof BinaryCodes binary && CodeKernels.LOOPS instanceof PanamaPairCounts) {
      QueryCode code = binary.code(query);
      long[] offsets = BinaryCodes.offsets(partitionStart, code.dimension());
      for (int p = 0; p < centroids.length; p++) {
        ScanTerms terms = code.terms(centroidDistances[p], confidence, Float.POSITIVE_INFINITY);
        for (int row = partitionStart[p]; row < partitionStart[p + 1]; row++) {
          bounds[row] =
              terms.base()
                  + ScalarCodeLoops.bound(
                      parts.segment(CodeParts.CODES),
                      offsets[p],
                      row - partitionStart[p],
                      code.planes(),
                      2,
                      terms.slope(),
                      terms.highShift());
        }
      }
    }
    return bounds;
  }

  /// The factor *f* of each row, computed in double precision.
  double[] factors() {
    int dimension = centroids[0].length;
    Rotation rotation = new Rotation(dimension);
    double[] factors = new double[rows.size()];
    for (int p = 0; p < centroids.length; p++) {
      for (int row = partitionStart[p]; row < partitionStart[p + 1]; row++) {
        float[] residual = new float[dimension];
        for (int i = 0; i < dimension; i++) {
          residual[i] = rows.get(row)[i] - centroids[p][i];
        }
        rotation.rotate(residual);
        double squares = 0;
        double absolutes = 0;
        for (float value : residual) {
          squares += (double) value * value;
          absolutes += Math.abs(value);
        }
        factors[row] = absolutes == 0 ? 0 : squares / absolutes;
      }
    }
    return factors;
  }
}
