package io.capsdb.caps.code;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/// The vector loops by register width. A JVM that serves loads one of them only.
///
/// Processors with registers of 512 bits mostly count the bits of words in one instruction. Those
/// with AVX2 do so in several, and count for two planes of the query first. Arm's count the bits of
/// bytes, and adding these up once for a row is cheaper than once for a word.
final class PanamaCodeWidths {
  private PanamaCodeWidths() {}

  /// The widest loops that the processor has.
  static PanamaCodeLoops preferred() {
    return of(FloatVector.SPECIES_PREFERRED.vectorBitSize());
  }

  /// @param bits width of a register, a power of two; the next smaller one of 64, 128, 256, 512 is
  ///     taken
  static PanamaCodeLoops of(int bits) {
    return bits >= 512
        ? new Bits512()
        : bits >= 256 ? new Bits256() : bits >= 128 ? new Bits128() : new Bits64();
  }

  private static final class Bits64 extends PanamaByteCounts {
    @Override
    VectorSpecies<Float> floats() {
      return FloatVector.SPECIES_64;
    }

    @Override
    VectorSpecies<Integer> ints() {
      return IntVector.SPECIES_64;
    }

    @Override
    VectorSpecies<Long> longs() {
      return LongVector.SPECIES_64;
    }

    @Override
    VectorSpecies<Byte> bytes() {
      return ByteVector.SPECIES_64;
    }
  }

  private static final class Bits128 extends PanamaByteCounts {
    @Override
    VectorSpecies<Float> floats() {
      return FloatVector.SPECIES_128;
    }

    @Override
    VectorSpecies<Integer> ints() {
      return IntVector.SPECIES_128;
    }

    @Override
    VectorSpecies<Long> longs() {
      return LongVector.SPECIES_128;
    }

    @Override
    VectorSpecies<Byte> bytes() {
      return ByteVector.SPECIES_128;
    }
  }

  private static final class Bits256 extends PanamaPairCounts {
    @Override
    VectorSpecies<Float> floats() {
      return FloatVector.SPECIES_256;
    }

    @Override
    VectorSpecies<Integer> ints() {
      return IntVector.SPECIES_256;
    }

    @Override
    VectorSpecies<Long> longs() {
      return LongVector.SPECIES_256;
    }
  }

  private static final class Bits512 extends PanamaWordCounts {
    @Override
    VectorSpecies<Float> floats() {
      return FloatVector.SPECIES_512;
    }

    @Override
    VectorSpecies<Integer> ints() {
      return IntVector.SPECIES_512;
    }

    @Override
    VectorSpecies<Long> longs() {
      return LongVector.SPECIES_512;
    }
  }
}
