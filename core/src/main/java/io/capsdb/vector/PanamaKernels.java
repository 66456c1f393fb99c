package io.capsdb.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The kernels on `jdk.incubator.vector`, which must be among the modules of the JVM.
///
/// Two accumulators a row: in cache the additions of one would wait for each other. The metric is
/// chosen outside the loops, so that each loop is compiled for itself.
final class PanamaKernels implements KernelLoops {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  private final VectorSpecies<Float> species;

  /// Lane `i` takes lane `i ^ 8`, `i ^ 4`, `i ^ 2`, `i ^ 1`, as far as there are lanes.
  private final VectorShuffle<Float>[] halvings;

  /// @param species its width in lanes is a power of two; tests run 2, 4, 8 and 16
  PanamaKernels(VectorSpecies<Float> species) {
    this.species = species;
    List<VectorShuffle<Float>> shuffles = new ArrayList<>();
    for (int half = species.length() / 2; half > 0; half /= 2) {
      int other = half;
      shuffles.add(VectorShuffle.fromOp(species, lane -> lane ^ other));
    }
    this.halvings = array(shuffles);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of generic types
  private static VectorShuffle<Float>[] array(List<VectorShuffle<Float>> shuffles) {
    return shuffles.toArray(new VectorShuffle[0]);
  }

  /// The widest kernels that the processor has.
  static KernelLoops preferred() {
    return new PanamaKernels(FloatVector.SPECIES_PREFERRED);
  }

  @Override
  public String name() {
    return "panama-" + species.vectorBitSize();
  }

  @Override
  public float squaredL2(float[] a, float[] b) {
    int lanes = species.length();
    int bound = a.length - a.length % (2 * lanes);
    FloatVector left = FloatVector.zero(species);
    FloatVector right = left;
    int i = 0;
    for (; i < bound; i += 2 * lanes) {
      FloatVector d =
          FloatVector.fromArray(species, a, i).sub(FloatVector.fromArray(species, b, i));
      FloatVector e =
          FloatVector.fromArray(species, a, i + lanes)
              .sub(FloatVector.fromArray(species, b, i + lanes));
      left = d.fma(d, left);
      right = e.fma(e, right);
    }
    float sum = sum(left.add(right));
    for (; i < a.length; i++) {
      float d = a[i] - b[i];
      sum = Math.fma(d, d, sum);
    }
    return sum;
  }

  @Override
  public float dot(float[] a, float[] b) {
    int lanes = species.length();
    int bound = a.length - a.length % (2 * lanes);
    FloatVector left = FloatVector.zero(species);
    FloatVector right = left;
    int i = 0;
    for (; i < bound; i += 2 * lanes) {
      left = FloatVector.fromArray(species, a, i).fma(FloatVector.fromArray(species, b, i), left);
      right =
          FloatVector.fromArray(species, a, i + lanes)
              .fma(FloatVector.fromArray(species, b, i + lanes), right);
    }
    float sum = sum(left.add(right));
    for (; i < a.length; i++) {
      sum = Math.fma(a[i], b[i], sum);
    }
    return sum;
  }

  @Override
  public float manhattan(float[] a, float[] b) {
    int lanes = species.length();
    int bound = a.length - a.length % (2 * lanes);
    FloatVector left = FloatVector.zero(species);
    FloatVector right = left;
    int i = 0;
    for (; i < bound; i += 2 * lanes) {
      left =
          FloatVector.fromArray(species, a, i)
              .sub(FloatVector.fromArray(species, b, i))
              .abs()
              .add(left);
      right =
          FloatVector.fromArray(species, a, i + lanes)
              .sub(FloatVector.fromArray(species, b, i + lanes))
              .abs()
              .add(right);
    }
    float sum = sum(left.add(right));
    for (; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum;
  }

  @Override
  public void block(
      Metric metric,
      float[] query,
      MemorySegment rows,
      long offset,
      long rowBytes,
      int count,
      float[] out) {
    switch (metric) {
      case COSINE, EUCLID -> {
        for (int i = 0; i < count; i++) {
          out[i] = squaredL2Row(query, rows, offset + i * rowBytes);
        }
      }
      case DOT -> {
        for (int i = 0; i < count; i++) {
          out[i] = -dotRow(query, rows, offset + i * rowBytes);
        }
      }
      case MANHATTAN -> {
        for (int i = 0; i < count; i++) {
          out[i] = manhattanRow(query, rows, offset + i * rowBytes);
        }
      }
    }
  }

  @Override
  public void gather(
      Metric metric,
      float[] query,
      MemorySegment rows,
      long rowBytes,
      int[] ordinals,
      int count,
      float[] out) {
    switch (metric) {
      case COSINE, EUCLID -> {
        for (int i = 0; i < count; i++) {
          out[i] = squaredL2Row(query, rows, ordinals[i] * rowBytes);
        }
      }
      case DOT -> {
        for (int i = 0; i < count; i++) {
          out[i] = -dotRow(query, rows, ordinals[i] * rowBytes);
        }
      }
      case MANHATTAN -> {
        for (int i = 0; i < count; i++) {
          out[i] = manhattanRow(query, rows, ordinals[i] * rowBytes);
        }
      }
    }
  }

  /// The sum of all lanes, in one order. `reduceLanes` leaves the order open: interpreted and
  /// compiled code differ in the last bits, and a row's distance must not change while a process
  /// runs.
  private float sum(FloatVector lanes) {
    FloatVector sum = lanes;
    for (VectorShuffle<Float> halving : halvings) {
      sum = sum.add(sum.rearrange(halving));
    }
    return sum.lane(0);
  }

  private float squaredL2Row(float[] query, MemorySegment rows, long offset) {
    int lanes = species.length();
    int bound = query.length - query.length % (2 * lanes);
    FloatVector left = FloatVector.zero(species);
    FloatVector right = left;
    int i = 0;
    for (; i < bound; i += 2 * lanes) {
      FloatVector d =
          FloatVector.fromArray(species, query, i)
              .sub(FloatVector.fromMemorySegment(species, rows, offset + 4L * i, ORDER));
      FloatVector e =
          FloatVector.fromArray(species, query, i + lanes)
              .sub(FloatVector.fromMemorySegment(species, rows, offset + 4L * (i + lanes), ORDER));
      left = d.fma(d, left);
      right = e.fma(e, right);
    }
    float sum = sum(left.add(right));
    for (; i < query.length; i++) {
      float d = query[i] - rows.get(Floats.LITTLE_ENDIAN, offset + 4L * i);
      sum = Math.fma(d, d, sum);
    }
    return sum;
  }

  private float dotRow(float[] query, MemorySegment rows, long offset) {
    int lanes = species.length();
    int bound = query.length - query.length % (2 * lanes);
    FloatVector left = FloatVector.zero(species);
    FloatVector right = left;
    int i = 0;
    for (; i < bound; i += 2 * lanes) {
      left =
          FloatVector.fromArray(species, query, i)
              .fma(FloatVector.fromMemorySegment(species, rows, offset + 4L * i, ORDER), left);
      right =
          FloatVector.fromArray(species, query, i + lanes)
              .fma(
                  FloatVector.fromMemorySegment(species, rows, offset + 4L * (i + lanes), ORDER),
                  right);
    }
    float sum = sum(left.add(right));
    for (; i < query.length; i++) {
      sum = Math.fma(query[i], rows.get(Floats.LITTLE_ENDIAN, offset + 4L * i), sum);
    }
    return sum;
  }

  private float manhattanRow(float[] query, MemorySegment rows, long offset) {
    int lanes = species.length();
    int bound = query.length - query.length % (2 * lanes);
    FloatVector left = FloatVector.zero(species);
    FloatVector right = left;
    int i = 0;
    for (; i < bound; i += 2 * lanes) {
      left =
          FloatVector.fromArray(species, query, i)
              .sub(FloatVector.fromMemorySegment(species, rows, offset + 4L * i, ORDER))
              .abs()
              .add(left);
      right =
          FloatVector.fromArray(species, query, i + lanes)
              .sub(FloatVector.fromMemorySegment(species, rows, offset + 4L * (i + lanes), ORDER))
              .abs()
              .add(right);
    }
    float sum = sum(left.add(right));
    for (; i < query.length; i++) {
      sum += Math.abs(query[i] - rows.get(Floats.LITTLE_ENDIAN, offset + 4L * i));
    }
    return sum;
  }
}
