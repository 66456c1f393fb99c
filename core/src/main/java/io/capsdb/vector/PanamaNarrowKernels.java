package io.capsdb.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The kernels over rows of float16 and uint8, whose values become floats in registers. Sums are
/// added in the order of [PanamaKernels], so that a distance has the bits of that to the same
/// values as floats.
///
/// Each type has its own loops: one loop that asks an object for values would meet several classes
/// of it, and every vector would become an object.
abstract class PanamaNarrowKernels extends PanamaKernels {
  /// Where exponents of halves begin among those of floats: 112 = 127 - 15.
  private static final int BIAS = 112 << 23;

  /// The smallest normal half.
  private static final float SMALLEST = 0x1p-14f;

  private static final int LINE_BYTES = 64;
  private static final int TOUCHED_BYTES = 2_048;

  /// Of the species that is as wide as that of floats.
  abstract VectorSpecies<Integer> ints();

  /// The bits of as many halves as there are lanes, each with the upper bits like its sign.
  abstract IntVector halves(MemorySegment rows, long offset);

  /// As many bytes as there are lanes.
  abstract IntVector unsigned(MemorySegment rows, long offset);

  /// As many halves as there are lanes, as floats; finite ones only.
  ///
  /// With exponent and fraction of a half in the places of those of a float, and the exponent moved
  /// on, they are a float *n*: the value, where the half is a normal one. Where its exponent is 0,
  /// the value is `2n - 2^-14`, which is below *n* there and nowhere else. Both are positive or 0,
  /// so that they are compared as integers. No float that is not normal is made on the way, as some
  /// processors take long for those.
  private FloatVector half(MemorySegment rows, long offset) {
    IntVector bits = halves(rows, offset).lanewise(VectorOperators.LSHL, 13);
    IntVector normal = bits.and(0x0FFFE000).add(BIAS);
    IntVector small =
        normal
            .reinterpretAsFloats()
            .fma(FloatVector.broadcast(species(), 2), FloatVector.broadcast(species(), -SMALLEST))
            .reinterpretAsInts();
    return normal.min(small).or(bits.and(Integer.MIN_VALUE)).reinterpretAsFloats();
  }

  /// As many bytes as there are lanes, as floats.
  private FloatVector whole(MemorySegment rows, long offset) {
    return (FloatVector) unsigned(rows, offset).convert(VectorOperators.I2F, 0);
  }

  @Override
  public void block(
      Metric metric,
      float[] query,
      MemorySegment rows,
      ElementType type,
      long offset,
      long rowBytes,
      int count,
      float[] out) {
    switch (type) {
      case FLOAT32 -> super.block(metric, query, rows, type, offset, rowBytes, count, out);
      case FLOAT16 -> {
        for (int i = 0; i < count; i++) {
          out[i] = half(metric, query, rows, offset + i * rowBytes);
        }
      }
      case UINT8 -> {
        for (int i = 0; i < count; i++) {
          out[i] = whole(metric, query, rows, offset + i * rowBytes);
        }
      }
    }
  }

  @Override
  public void gather(
      Metric metric,
      float[] query,
      MemorySegment rows,
      ElementType type,
      long rowBytes,
      int[] ordinals,
      int count,
      float[] out) {
    if (type == ElementType.FLOAT32) {
      super.gather(metric, query, rows, type, rowBytes, ordinals, count, out);
      return;
    }
    for (int from = 0; from < count; from += RUN) {
      int to = Math.min(count, from + RUN);
      // Kept in a place that is written below, or the compiler would leave the reads out.
      out[from] = touch(rows, rowBytes, ordinals, from, to);
      for (int i = from; i < to; i++) {
        long offset = ordinals[i] * rowBytes;
        out[i] =
            type == ElementType.FLOAT16
                ? half(metric, query, rows, offset)
                : whole(metric, query, rows, offset);
      }
    }
  }

  /// Reads a byte of each line of each row, so that lines are fetched many at once: the loops below
  /// have too many instructions for that. Four rows at a time, as [PanamaKernels] has them, are
  /// slower than one here, as each conversion takes registers. Long rows are not touched to their
  /// end: the processor goes on by itself.
  private static int touch(MemorySegment rows, long rowBytes, int[] ordinals, int from, int to) {
    long end = Math.min(rowBytes, TOUCHED_BYTES);
    int touched = 0;
    for (int i = from; i < to; i++) {
      long row = ordinals[i] * rowBytes;
      for (long at = 0; at < end; at += LINE_BYTES) {
        touched |= rows.get(ValueLayout.JAVA_BYTE, row + at);
      }
    }
    return touched;
  }

  private float half(Metric metric, float[] query, MemorySegment rows, long offset) {
    return switch (metric) {
      case COSINE, EUCLID -> squaredL2Half(query, rows, offset);
      case DOT -> -dotHalf(query, rows, offset);
      case MANHATTAN -> manhattanHalf(query, rows, offset);
    };
  }

  private float whole(Metric metric, float[] query, MemorySegment rows, long offset) {
    return switch (metric) {
      case COSINE, EUCLID -> squaredL2Whole(query, rows, offset);
      case DOT -> -dotWhole(query, rows, offset);
      case MANHATTAN -> manhattanWhole(query, rows, offset);
    };
  }

  private float squaredL2Half(float[] query, MemorySegment rows, long offset) {
    VectorSpecies<Float> species = species();
    int lanes = species.length();
    int bound = query.length - query.length % (2 * lanes);
    FloatVector left = FloatVector.zero(species);
    FloatVector right = left;
    int i = 0;
    for (; i < bound; i += 2 * lanes) {
      FloatVector d = FloatVector.fromArray(species, query, i).sub(half(rows, offset + 2L * i));
      FloatVector e =
          FloatVector.fromArray(species, query, i + lanes)
              .sub(half(rows, offset + 2L * (i + lanes)));
      left = d.fma(d, left);
      right = e.fma(e, right);
    }
    float sum = sum(left.add(right));
    for (; i < query.length; i++) {
      float d = query[i] - ElementType.half(rows, offset + 2L * i);
      sum = Math.fma(d, d, sum);
    }
    return sum;
  }

  private float dotHalf(float[] query, MemorySegment rows, long offset) {
    VectorSpecies<Float> species = species();
    int lanes = species.length();
    int bound = query.length - query.length % (2 * lanes);
    FloatVector left = FloatVector.zero(species);
    FloatVector right = left;
    int i = 0;
    for (; i < bound; i += 2 * lanes) {
      left = FloatVector.fromArray(species, query, i).fma(half(rows, offset + 2L * i), left);
      right =
          FloatVector.fromArray(species, query, i + lanes)
              .fma(half(rows, offset + 2L * (i + lanes)), right);
    }
    float sum = sum(left.add(right));
    for (; i < query.length; i++) {
      sum = Math.fma(query[i], ElementType.half(rows, offset + 2L * i), sum);
    }
    return sum;
  }

  private float manhattanHalf(float[] query, MemorySegment rows, long offset) {
    VectorSpecies<Float> species = species();
    int lanes = species.length();
    int bound = query.length - query.length % (2 * lanes);
    FloatVector left = FloatVector.zero(species);
    FloatVector right = left;
    int i = 0;
    for (; i < bound; i += 2 * lanes) {
      left =
          FloatVector.fromArray(species, query, i).sub(half(rows, offset + 2L * i)).abs().add(left);
      right =
          FloatVector.fromArray(species, query, i + lanes)
              .sub(half(rows, offset + 2L * (i + lanes)))
              .abs()
              .add(right);
    }
    float sum = sum(left.add(right));
    for (; i < query.length; i++) {
      sum += Math.abs(query[i] - ElementType.half(rows, offset + 2L * i));
    }
    return sum;
  }

  private float squaredL2Whole(float[] query, MemorySegment rows, long offset) {
    VectorSpecies<Float> species = species();
    int lanes = species.length();
    int bound = query.length - query.length % (2 * lanes);
    FloatVector left = FloatVector.zero(species);
    FloatVector right = left;
    int i = 0;
    for (; i < bound; i += 2 * lanes) {
      FloatVector d = FloatVector.fromArray(species, query, i).sub(whole(rows, offset + i));
      FloatVector e =
          FloatVector.fromArray(species, query, i + lanes).sub(whole(rows, offset + i + lanes));
      left = d.fma(d, left);
      right = e.fma(e, right);
    }
    float sum = sum(left.add(right));
    for (; i < query.length; i++) {
      float d = query[i] - ElementType.unsigned(rows, offset + i);
      sum = Math.fma(d, d, sum);
    }
    return sum;
  }

  private float dotWhole(float[] query, MemorySegment rows, long offset) {
    VectorSpecies<Float> species = species();
    int lanes = species.length();
    int bound = query.length - query.length % (2 * lanes);
    FloatVector left = FloatVector.zero(species);
    FloatVector right = left;
    int i = 0;
    for (; i < bound; i += 2 * lanes) {
      left = FloatVector.fromArray(species, query, i).fma(whole(rows, offset + i), left);
      right =
          FloatVector.fromArray(species, query, i + lanes)
              .fma(whole(rows, offset + i + lanes), right);
    }
    float sum = sum(left.add(right));
    for (; i < query.length; i++) {
      sum = Math.fma(query[i], ElementType.unsigned(rows, offset + i), sum);
    }
    return sum;
  }

  private float manhattanWhole(float[] query, MemorySegment rows, long offset) {
    VectorSpecies<Float> species = species();
    int lanes = species.length();
    int bound = query.length - query.length % (2 * lanes);
    FloatVector left = FloatVector.zero(species);
    FloatVector right = left;
    int i = 0;
    for (; i < bound; i += 2 * lanes) {
      left = FloatVector.fromArray(species, query, i).sub(whole(rows, offset + i)).abs().add(left);
      right =
          FloatVector.fromArray(species, query, i + lanes)
              .sub(whole(rows, offset + i + lanes))
              .abs()
              .add(right);
    }
    float sum = sum(left.add(right));
    for (; i < query.length; i++) {
      sum += Math.abs(query[i] - ElementType.unsigned(rows, offset + i));
    }
    return sum;
  }
}
