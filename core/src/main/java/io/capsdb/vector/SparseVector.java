package io.capsdb.vector;

import java.util.Arrays;
import java.util.stream.IntStream;

/// A vector most of whose values are zero: the others, by their index.
///
/// @param indices unsigned, strictly ascending; not to be changed
/// @param values one for each index, finite; not to be changed
@SuppressWarnings("ArrayRecordComponent") // compared by content below
public record SparseVector(int[] indices, float[] values) {
  /// Most values of one vector.
  public static final int MAX_VALUES = 65_536;

  public SparseVector {
    if (indices.length != values.length) {
      throw new IllegalArgumentException(
          "sparse vector has "
              + indices.length
              + " indices and "
              + values.length
              + " values, must have as many of both");
    }
    if (indices.length > MAX_VALUES) {
      throw new IllegalArgumentException(
          "sparse vector has "
              + indices.length
              + " values, at most "
              + MAX_VALUES
              + " are allowed");
    }
    for (int i = 1; i < indices.length; i++) {
      if (Integer.compareUnsigned(indices[i - 1], indices[i]) >= 0) {
        throw new IllegalArgumentException(
            "sparse vector has index " + Integer.toUnsignedString(indices[i]) + " out of order");
      }
    }
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException("sparse vector has value " + value + ", must be finite");
      }
    }
  }

  /// A vector of values that come in any order.
  ///
  /// @throws IllegalArgumentException if an index comes twice, or as the constructor does
  public static SparseVector of(int[] indices, float[] values) {
    if (indices.length != values.length) {
      return new SparseVector(indices, values);
    }
    int[] sorted = new int[indices.length];
    float[] moved = new float[indices.length];
    // An unsigned index and its place in one number that sorts by the index.
    long[] order =
        IntStream.range(0, indices.length)
            .mapToLong(i -> ((long) (indices[i] ^ Integer.MIN_VALUE) << 32) | i)
            .sorted()
            .toArray();
    for (int i = 0; i < order.length; i++) {
      sorted[i] = indices[(int) order[i]];
      moved[i] = values[(int) order[i]];
      if (i > 0 && sorted[i] == sorted[i - 1]) {
        throw new IllegalArgumentException(
            "sparse vector has index " + Integer.toUnsignedString(sorted[i]) + " twice");
      }
    }
    return new SparseVector(sorted, moved);
  }

  public int size() {
    return indices.length;
  }

  /// Whether there is a value of an index.
  public boolean has(int index) {
    int low = 0;
    int high = indices.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int compared = Integer.compareUnsigned(indices[middle], index);
      if (compared == 0) {
        return true;
      }
      if (compared < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return false;
  }

  /// The sum of the products of values of the same index, added in the order of the indices; NaN
  /// where no index is the same.
  ///
  /// @param others indices, strictly ascending and unsigned
  /// @param weights one for each of `others`
  public double dot(int[] others, double[] weights) {
    double sum = Double.NaN;
    int own = 0;
    int other = 0;
    while (own < indices.length && other < others.length) {
      int compared = Integer.compareUnsigned(indices[own], others[other]);
      if (compared == 0) {
        double product = values[own++] * weights[other++];
        sum = Double.isNaN(sum) ? product : sum + product;
      } else if (compared < 0) {
        own++;
      } else {
        other++;
      }
    }
    return sum;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SparseVector(int[] otherIndices, float[] otherValues)
        && Arrays.equals(indices, otherIndices)
        && Arrays.equals(values, otherValues);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(indices) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "SparseVector of " + indices.length + " values";
  }
}
