package io.capsdb.caps.code;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/// The vector loops by register width. A JVM that serves loads one of them only.
final class PanamaByteWidths {
  private PanamaByteWidths() {}

  /// The widest loops that the processor has.
  static PanamaByteLoops preferred() {
    return of(FloatVector.SPECIES_PREFERRED.vectorBitSize());
  }

  /// @param bits width of a register, a power of two; the next smaller one of 64, 128, 256, 512 is
  ///     taken
  static PanamaByteLoops of(int bits) {
    return bits >= 512
        ? new Bits512()
        : bits >= 256 ? new Bits256() : bits >= 128 ? new Bits128() : new Bits64();
  }

  private static final class Bits64 extends PanamaByteLoops {
    @Override
    VectorSpecies<Float> floats() {
      return FloatVector.SPECIES_64;
    }

    @Override
    VectorSpecies<Integer> ints() {
      return IntVector.SPECIES_64;
    }

    @Override
    VectorSpecies<Short> shorts() {
      return ShortVector.SPECIES_64;
    }
  }

  private static final class Bits128 extends PanamaByteLoops {
    @Override
    VectorSpecies<Float> floats() {
      return FloatVector.SPECIES_128;
    }

    @Override
    VectorSpecies<Integer> ints() {
      return IntVector.SPECIES_128;
    }

    @Override
    VectorSpecies<Short> shorts() {
      return ShortVector.SPECIES_128;
    }
  }

  private static final class Bits256 extends PanamaByteLoops {
    @Override
    VectorSpecies<Float> floats() {
      return FloatVector.SPECIES_256;
    }

    @Override
    VectorSpecies<Integer> ints() {
      return IntVector.SPECIES_256;
    }

    @Override
    VectorSpecies<Short> shorts() {
      return ShortVector.SPECIES_256;
    }
  }

  private static final class Bits512 extends PanamaByteLoops {
    @Override
    VectorSpecies<Float> floats() {
      return FloatVector.SPECIES_512;
    }

    @Override
    VectorSpecies<Integer> ints() {
      return IntVector.SPECIES_512;
    }

    @Override
    VectorSpecies<Short> shorts() {
      return ShortVector.SPECIES_512;
    }
  }
}
