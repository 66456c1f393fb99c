package io.capsdb.embeddings.averaging;

import java.util.Arrays;

/// Differences of the checkpoints to their mean, with a coefficient for each block of weights
/// (method B of trainable weight averaging, journal version). All coefficients 0 are the mean.
///
/// `w = mean + sum over i and l of X[i,l] P[i,l]`, where `P[i,l]` is block `l` of `w_i - mean`,
/// brought to length 1. Coefficient `X[i,l]` stands at `i * blocks + l`.
///
/// The differences are kept as floats, or in 8, 4 or 1 bit a weight, each block in equal steps
/// between its smallest and its largest value. Memory: n D bits / 8 bytes, and two floats a block.
public final class CenteredLayerwiseSubspace implements WeightSubspace {
  /// Bits a weight that stand for floats as they are.
  public static final int FLOATS = 32;

  private final float[] center;
  private final int[] blockStart;
  private final Differences[] differences;

  private CenteredLayerwiseSubspace(float[] center, int[] blockStart, Differences[] differences) {
    this.center = center;
    this.blockStart = blockStart;
    this.differences = differences;
  }

  /// @param blockSizes weights of each block, in order; together all weights
  /// @param bits 32, 8, 4 or 1
  public static CenteredLayerwiseSubspace of(CheckpointBank bank, int[] blockSizes, int bits) {
    if (bits != FLOATS && bits != 8 && bits != 4 && bits != 1) {
      throw new IllegalArgumentException("bits must be 32, 8, 4 or 1, was " + bits);
    }
    int[] blockStart = new int[blockSizes.length + 1];
    for (int l = 0; l < blockSizes.length; l++) {
      blockStart[l + 1] = blockStart[l] + blockSizes[l];
    }
    float[] center = bank.mean();
    if (blockStart[blockSizes.length] != center.length) {
      throw new IllegalArgumentException(
          "the blocks have "
              + blockStart[blockSizes.length]
              + " weights, the checkpoints have "
              + center.length);
    }
    Differences[] differences = new Differences[bank.size()];
    for (int i = 0; i < differences.length; i++) {
      float[] values = normalized(bank.get(i), center, blockStart);
      differences[i] = bits == FLOATS ? new Exact(values) : Stepped.of(values, blockStart, bits);
    }
    return new CenteredLayerwiseSubspace(center, blockStart, differences);
  }

  private static float[] normalized(float[] weights, float[] center, int[] blockStart) {
    float[] values = new float[center.length];
    for (int l = 0; l + 1 < blockStart.length; l++) {
      double square = 0;
      for (int k = blockStart[l]; k < blockStart[l + 1]; k++) {
        values[k] = weights[k] - center[k];
        square += (double) values[k] * values[k];
      }
      // A block that never moved has no direction: it stays zero.
      float factor = square > 0 ? (float) (1 / Math.sqrt(square)) : 0;
      for (int k = blockStart[l]; k < blockStart[l + 1]; k++) {
        values[k] *= factor;
      }
    }
    return values;
  }

  /// A share of the checkpoints' differences, for one worker of several; the mean belongs to the
  /// first one.
  CenteredLayerwiseSubspace slice(int from, int to) {
    return new CenteredLayerwiseSubspace(
        from == 0 ? center : new float[center.length],
        blockStart,
        Arrays.copyOfRange(differences, from, to));
  }

  int checkpointCount() {
    return differences.length;
  }

  @Override
  public int dimension() {
    return center.length;
  }

  @Override
  public int coefficientCount() {
    return differences.length * blockCount();
  }

  private int blockCount() {
    return blockStart.length - 1;
  }

  @Override
  public float[] startAtMean() {
    return new float[coefficientCount()];
  }

  @Override
  public void compose(float[] coefficients, float[] weights) {
    System.arraycopy(center, 0, weights, 0, weights.length);
    for (int i = 0; i < differences.length; i++) {
      for (int l = 0; l < blockCount(); l++) {
        float factor = coefficients[i * blockCount() + l];
        if (factor != 0) {
          differences[i].add(l, factor, weights, blockStart[l], blockStart[l + 1]);
        }
      }
    }
  }

  @Override
  public void project(float[] gradient, float[] coefficients) {
    for (int i = 0; i < differences.length; i++) {
      for (int l = 0; l < blockCount(); l++) {
        coefficients[i * blockCount() + l] =
            differences[i].dot(l, gradient, blockStart[l], blockStart[l + 1]);
      }
    }
  }

  /// The differences of one checkpoint.
  private sealed interface Differences {
    void add(int block, float factor, float[] weights, int from, int to);

    float dot(int block, float[] gradient, int from, int to);
  }

  private static final class Exact implements Differences {
    private final float[] values;

    Exact(float[] values) {
      this.values = values;
    }

    @Override
    public void add(int block, float factor, float[] weights, int from, int to) {
      for (int k = from; k < to; k++) {
        weights[k] += factor * values[k];
      }
    }

    @Override
    public float dot(int block, float[] gradient, int from, int to) {
      double sum = 0;
      for (int k = from; k < to; k++) {
        sum += (double) values[k] * gradient[k];
      }
      return (float) sum;
    }
  }

  /// `step * q + least`, with `q` of a few bits.
  private static final class Stepped implements Differences {
    private final byte[] packed;
    private final int bits;
    private final float[] step;
    private final float[] least;

    private Stepped(byte[] packed, int bits, float[] step, float[] least) {
      this.packed = packed;
      this.bits = bits;
      this.step = step;
      this.least = least;
    }

    static Stepped of(float[] values, int[] blockStart, int bits) {
      int blocks = blockStart.length - 1;
      int most = (1 << bits) - 1;
      byte[] packed = new byte[(int) (((long) values.length * bits + 7) / 8)];
      float[] step = new float[blocks];
      float[] least = new float[blocks];
      for (int l = 0; l < blocks; l++) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (int k = blockStart[l]; k < blockStart[l + 1]; k++) {
          low = Math.min(low, values[k]);
          high = Math.max(high, values[k]);
        }
        step[l] = high > low ? (high - low) / most : 0;
        least[l] = high >= low ? low : 0;
        for (int k = blockStart[l]; k < blockStart[l + 1]; k++) {
          int q = step[l] == 0 ? 0 : Math.round((values[k] - low) / step[l]);
          int bit = Math.toIntExact((long) k * bits % 8);
          packed[(int) ((long) k * bits / 8)] |= (byte) (Math.min(q, most) << bit);
        }
      }
      return new Stepped(packed, bits, step, least);
    }

    private int code(int k) {
      return switch (bits) {
        case 8 -> packed[k] & 0xff;
        case 4 -> packed[k >> 1] >> ((k & 1) << 2) & 0xf;
        default -> packed[k >> 3] >> (k & 7) & 1;
      };
    }

    @Override
    public void add(int block, float factor, float[] weights, int from, int to) {
      float scale = factor * step[block];
      float shift = factor * least[block];
      for (int k = from; k < to; k++) {
        weights[k] += scale * code(k) + shift;
      }
    }

    @Override
    public float dot(int block, float[] gradient, int from, int to) {
      double sum = 0;
      double weighted = 0;
      for (int k = from; k < to; k++) {
        sum += gradient[k];
        weighted += (double) gradient[k] * code(k);
      }
      return (float) (step[block] * weighted + least[block] * sum);
    }
  }
}
