package io.capsdb.caps;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.attribute.Selection;
import io.capsdb.caps.code.BinaryQuantizer;
import io.capsdb.caps.code.CodePieces;
import io.capsdb.caps.code.Quantizer;
import io.capsdb.caps.code.RowCodes;
import io.capsdb.filter.Filter;
import io.capsdb.index.CostMeter;
import io.capsdb.index.CostMeter.Line;
import io.capsdb.index.CostMeter.Piece;
import io.capsdb.index.CostModel;
import io.capsdb.index.ProbeQueue;
import io.capsdb.index.SearchBudget;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.PartReader;
import io.capsdb.io.PartWriter;
import io.capsdb.point.Payload;
import io.capsdb.vector.Floats;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Measures on this machine what the pieces of a search cost.
///
/// Each cost that depends on a size is measured at two of them. Vectors and codes lie in more
/// memory than most caches hold, because those of a collection do. Takes about 50 MB and one thread
/// while it runs: about a second where all code is compiled already, else some seconds, at most
/// twenty.
public final class CostMeasurement {
  private static final long LEAST_NANOS = 300_000_000L;

  /// For compiling what is timed, on a machine that does other things too.
  private static final long MOST_NANOS = 20_000_000_000L;

  private static final int SHORT = 64;
  private static final int LONG = 512;
  private static final long VECTOR_BYTES = 32L << 20;
  private static final int GATHERED = 512;

  private static final int FEW_BITS = 128;
  private static final int SOME_BITS = 384;
  private static final int MANY_BITS = 768;
  private static final long CODE_BYTES = 2L << 20;

  private static final int COLUMN_ROWS = 1 << 16;

  /// Rows of each partition of the small indexes that are walked.
  private static final int WALKED_ROWS = 16;

  /// More than the centroids of which all are read.
  private static final int FEW_PARTITIONS = 64;
  private static final int MANY_PARTITIONS = 512;

  // What a piece costs inside a search, as a multiple of what it takes here, where the caches and
  // the branch predictor know it: found by fitting a CostModel to whole searches on a machine, and
  // dividing by what was measured here on the same one.
  private static final double IN_MEMORY = 1.3;
  private static final double SCANNED = 0.5;
  private static final double LISTED = 0.5;
  private static final double STARTED = 4;

  private static final String FIELD = "n";

  /// Without a divisor in common with numbers of rows, which are powers of two.
  private static final long STEP = 7_919;

  /// Of a code of few bits.
  private static final int WORDS = FEW_BITS / Integer.SIZE;

  /// Plain loops of a slow machine cost so many times as much as vector loops of a quick one.
  private static final double FAR = 100;

  private CostMeasurement() {}

  /// Measures; empty where the times did not settle or are far from those of any machine, as where
  /// it is too busy with other things.
  ///
  /// @param nanoClock a clock for durations
  /// @param isStopped whether to give up
  public static Optional<CostModel> measure(LongSupplier nanoClock, BooleanSupplier isStopped) {
    RandomGenerator random = new SplittableRandom(1);
    CostMeter meter = new CostMeter(nanoClock, LEAST_NANOS, MOST_NANOS, isStopped);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment memory = arena.allocate(VECTOR_BYTES, 64);
      memory.fill((byte) 0x3f);
      CodePieces few = new CodePieces(FEW_BITS, CODE_BYTES, random, arena);
      CodePieces some = new CodePieces(SOME_BITS, CODE_BYTES, random, arena);
      CodePieces many = new CodePieces(MANY_BITS, CODE_BYTES, random, arena);
      double[] nanosOf =
          meter.measure(
              List.of(
                  new Piece(GATHERED, gather(memory, SHORT, random)),
                  new Piece(GATHERED, gather(memory, LONG, random)),
                  new Piece(CodePieces.PARTITION, few::scan),
                  new Piece(CodePieces.PARTITION, many::scan),
                  new Piece(CodePieces.MASKED_GROUPS, few::scanMasked),
                  new Piece(GATHERED, score(some, random)),
                  new Piece(GATHERED, score(many, random)),
                  new Piece(COLUMN_ROWS, mask()),
                  new Piece(1, walk(FEW_PARTITIONS, random)),
                  new Piece(1, walk(MANY_PARTITIONS, random))));
      return nanosOf.length == 0
          ? Optional.empty()
          : Optional.of(model(nanosOf)).filter(CostMeasurement::isLikely);
    }
  }

  /// Whether no figure is beyond what the slowest and the fastest machines cost.
  static boolean isLikely(CostModel costs) {
    CostModel usual = CostModel.DEFAULT;
    return isNear(costs.vectorNanos(SHORT), usual.vectorNanos(SHORT))
        && isNear(costs.vectorNanos(LONG), usual.vectorNanos(LONG))
        && isNear(costs.recordNanos(1), usual.recordNanos(1))
        && isNear(costs.scanNanos(WORDS), usual.scanNanos(WORDS))
        && isNear(costs.maskRow(), usual.maskRow())
        && isNear(costs.partition(), usual.partition());
  }

  private static boolean isNear(double nanos, double usual) {
    return nanos < FAR * usual && usual < FAR * nanos;
  }

  private static CostModel model(double[] nanos) {
    Line vector = Line.through(SHORT, IN_MEMORY * nanos[0], LONG, IN_MEMORY * nanos[1]);
    double few = SCANNED * nanos[2];
    Line scan =
        Line.through(
            CodePieces.words(FEW_BITS), few, CodePieces.words(MANY_BITS), SCANNED * nanos[3]);
    double group = Math.max(0, nanos[4] - CodePieces.groupRows() * nanos[2]);
    Line record =
        Line.through(
            CodePieces.lines(SOME_BITS),
            LISTED * nanos[5],
            CodePieces.lines(MANY_BITS),
            LISTED * nanos[6]);
    Line walk = Line.through(FEW_PARTITIONS, nanos[8], MANY_PARTITIONS, nanos[9]);
    return new CostModel(
        vector.intercept(),
        vector.slope(),
        record.intercept(),
        record.slope(),
        scan.intercept(),
        scan.slope(),
        group,
        IN_MEMORY * nanos[7],
        CostModel.DEFAULT.findRow(),
        walk.slope(),
        STARTED * walk.intercept(),
        CostModel.DEFAULT.hit());
  }

  /// Distances to vectors anywhere; each run takes others.
  private static Runnable gather(MemorySegment memory, int dimension, RandomGenerator random) {
    int rows = (int) (memory.byteSize() / Float.BYTES / dimension);
    VectorMatrix matrix = new VectorMatrix(memory, rows, dimension);
    int[][] chunks = chunks(rows, random);
    float[] query = new float[dimension];
    float[] distances = new float[GATHERED];
    int[] next = new int[1];
    return () -> {
      next[0] = (next[0] + 1) % chunks.length;
      Kernels.best().distances(Metric.EUCLID, query, matrix, chunks[next[0]], GATHERED, distances);
    };
  }

  private static Runnable score(CodePieces codes, RandomGenerator random) {
    int[][] chunks = chunks(codes.rowCount(), random);
    int[] next = new int[1];
    return () -> {
      next[0] = (next[0] + 1) % chunks.length;
      codes.score(chunks[next[0]], 0, GATHERED);
    };
  }

  /// All rows in a random order, cut in pieces.
  private static int[][] chunks(int rows, RandomGenerator random) {
    int[] all = new int[rows];
    for (int i = 0; i < rows; i++) {
      int other = random.nextInt(i + 1);
      all[i] = all[other];
      all[other] = i;
    }
    int[][] chunks = new int[rows / GATHERED][];
    Arrays.setAll(chunks, i -> Arrays.copyOfRange(all, i * GATHERED, (i + 1) * GATHERED));
    return chunks;
  }

  /// Tests all rows of a column of whole numbers.
  private static Runnable mask() {
    AttributeIndex attributes = attributes(COLUMN_ROWS);
    Selection.RangeTest test = attributes.select(below(COLUMN_ROWS / 2), _ -> false).rangeTest();
    long[] mask = new long[CodePieces.PARTITION / 64];
    return () -> {
      for (int from = 0; from < COLUMN_ROWS; from += CodePieces.PARTITION) {
        test.fill(from, from + CodePieces.PARTITION, mask);
      }
    };
  }

  /// A filtered search that visits every partition of a small index; few rows match.
  private static Runnable walk(int partitions, RandomGenerator random) {
    int rows = partitions * WALKED_ROWS;
    float[][] vectors = new float[rows][FEW_BITS];
    for (float[] vector : vectors) {
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) random.nextGaussian();
      }
    }
    AttributeIndex attributes = attributes(rows);
    Selection selection = attributes.select(below(rows / 64), _ -> false);
    List<ProbeQueue.Source> sources =
        List.of(new ProbeQueue.Source(index(vectors, attributes), selection));
    SearchBudget budget = new SearchBudget(Long.MAX_VALUE, 0);
    float[] query = vectors[0];
    return () -> ProbeQueue.search(sources, query, 1, budget, Long::compare);
  }

  /// An index of equal partitions, each around its first row.
  private static CapsIndex index(float[][] vectors, AttributeIndex attributes) {
    int partitions = vectors.length / WALKED_ROWS;
    int[] starts = new int[partitions + 1];
    Arrays.setAll(starts, partition -> partition * WALKED_ROWS);
    float[][] centroids = new float[partitions][];
    Arrays.setAll(centroids, partition -> vectors[partition * WALKED_ROWS].clone());
    float[] flat = new float[partitions * FEW_BITS];
    MemorySegment rows = Arena.ofAuto().allocate(4L * FEW_BITS * vectors.length, 64);
    for (int row = 0; row < vectors.length; row++) {
      MemorySegment.copy(
          vectors[row], 0, rows, Floats.LITTLE_ENDIAN, 4L * FEW_BITS * row, FEW_BITS);
      if (row % WALKED_ROWS == 0) {
        System.arraycopy(vectors[row], 0, flat, row / WALKED_ROWS * FEW_BITS, FEW_BITS);
      }
    }
    return new CapsIndex(
        Metric.EUCLID,
        new VectorMatrix(rows, vectors.length, FEW_BITS),
        attributes,
        new CapsLayout(
            new PartitionSpace(Metric.EUCLID, FEW_BITS, 0),
            flat,
            starts,
            new int[partitions + 1],
            new int[0],
            starts,
            List.of(),
            Reach.UNKNOWN),
        codes(starts, centroids, vectors));
  }

  private static Optional<RowCodes> codes(int[] starts, float[][] centroids, float[][] vectors) {
    Parts parts = new Parts(new HashMap<>());
    try {
      new BinaryQuantizer().encode(starts, centroids, row -> vectors[row].clone()).write(parts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Quantizer.read(parts, starts, centroids);
  }

  /// Parts of an index that stay in memory.
  private record Parts(Map<String, MemorySegment> parts) implements PartWriter, PartReader {
    @Override
    public void part(String name, CheckedWriter content) {
      part(name, MemorySegment.ofArray(content.toByteArray()));
    }

    @Override
    public void part(String name, MemorySegment bytes) {
      MemorySegment copy = Arena.ofAuto().allocate(Math.max(64, bytes.byteSize()), 64);
      parts.put(name, copy.copyFrom(bytes).asSlice(0, bytes.byteSize()));
    }

    @Override
    public boolean has(String name) {
      return parts.containsKey(name);
    }

    @Override
    public CheckedReader reader(String name) {
      return new CheckedReader(name, 0, segment(name));
    }

    @Override
    public MemorySegment segment(String name) {
      return Objects.requireNonNull(parts.get(name));
    }
  }

  /// A column of whole numbers, each once, in no order.
  private static AttributeIndex attributes(int rows) {
    AttributeIndex.Builder builder = new AttributeIndex.Builder();
    for (int row = 0; row < rows; row++) {
      builder.add(Payload.of(Map.of(FIELD, row * STEP % rows)));
    }
    return builder.build().withColumns();
  }

  private static Filter below(int most) {
    return new Filter.Range(FIELD, Filter.Bound.none(), Filter.Bound.excluding((double) most));
  }
}
