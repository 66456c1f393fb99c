package io.capsdb.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The width of the registers that vector kernels use: the widest of the processor, at most 512
/// bits, unless the system property `capsdb.vector.bits` asks for 64, 128, 256 or 512.
///
/// A kernel keeps its species in a **static final** field of its own. The compiler knows only those
/// as constants; with a species from an instance field most operations are not compiled to
/// instructions, and the kernel is 20 times slower.
public final class VectorWidth {
  private static final int MOST = 512;

  private VectorWidth() {}

  private static VectorShape shape() {
    int preferred = Math.min(MOST, FloatVector.SPECIES_PREFERRED.vectorBitSize());
    return VectorShape.forBitSize(Integer.getInteger("capsdb.vector.bits", preferred));
  }

  /// @throws IllegalArgumentException if the property asks for a width that there is not
  public static VectorSpecies<Float> floats() {
    return VectorSpecies.of(float.class, shape());
  }

  /// Of the shape of [#floats].
  public static VectorSpecies<Integer> ints() {
    return VectorSpecies.of(int.class, shape());
  }

  /// Of the shape of [#floats].
  public static VectorSpecies<Byte> bytes() {
    return VectorSpecies.of(byte.class, shape());
  }

  /// Of the shape of [#floats].
  public static VectorSpecies<Short> shorts() {
    return VectorSpecies.of(short.class, shape());
  }
}
