package io.capsdb.vector;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The vector kernels by register width. A JVM that serves loads one of them only.
final class PanamaWidths {
  private PanamaWidths() {}

  /// The widest kernels that the processor has.
  static PanamaKernels preferred() {
    return of(FloatVector.SPECIES_PREFERRED.vectorBitSize());
  }

  /// @param bits width of a register, a power of two; the next smaller one of 64, 128, 256, 512 is
  ///     taken
  static PanamaKernels of(int bits) {
    return bits >= 512
        ? new Bits512()
        : bits >= 256 ? new Bits256() : bits >= 128 ? new Bits128() : new Bits64();
  }

  /// Moves the lane `i + by` to the lane `i`.
  private static VectorShuffle<Float> rotation(VectorSpecies<Float> species, int by) {
    return rotation(species, by, species.length());
  }

  /// The same inside each group of so many lanes, a power of two.
  private static VectorShuffle<Float> rotation(VectorSpecies<Float> species, int by, int group) {
    return VectorShuffle.fromOp(species, i -> (i & -group) | ((i + by) & (group - 1)));
  }

  /// By how much each lane moves an integer that holds a value for each of them to the right.
  private static IntVector shifts(VectorSpecies<Integer> species, int bits) {
    return IntVector.zero(species).addIndex(bits);
  }

  /// The value of each lane out of an integer that is as narrow as all of them are together.
  private static IntVector spread(int all, IntVector shifts) {
    return IntVector.broadcast(shifts.species(), all).lanewise(VectorOperators.LSHR, shifts);
  }

  private static final class Bits64 extends PanamaNarrowKernels {
    private static final IntVector BY_SHORT = shifts(IntVector.SPECIES_64, Short.SIZE);
    private static final IntVector BY_BYTE = shifts(IntVector.SPECIES_64, Byte.SIZE);

    @Override
    VectorSpecies<Float> species() {
      return FloatVector.SPECIES_64;
    }

    @Override
    VectorSpecies<Integer> ints() {
      return IntVector.SPECIES_64;
    }

    @Override
    IntVector halves(MemorySegment rows, long offset) {
      return spread(rows.get(WORD, offset), BY_SHORT)
          .lanewise(VectorOperators.LSHL, Short.SIZE)
          .lanewise(VectorOperators.ASHR, Short.SIZE);
    }

    @Override
    IntVector unsigned(MemorySegment rows, long offset) {
      return spread(rows.get(ElementType.HALF, offset), BY_BYTE).and(0xFF);
    }

    @Override
    float sum(FloatVector lanes) {
      return lanes.lane(0) + lanes.lane(1);
    }
  }

  private static final class Bits128 extends PanamaNarrowKernels {
    private static final IntVector BY_BYTE = shifts(IntVector.SPECIES_128, Byte.SIZE);
    private static final VectorShuffle<Float> BY_2 = rotation(FloatVector.SPECIES_128, 2);

    @Override
    VectorSpecies<Float> species() {
      return FloatVector.SPECIES_128;
    }

    @Override
    VectorSpecies<Integer> ints() {
      return IntVector.SPECIES_128;
    }

    @Override
    IntVector halves(MemorySegment rows, long offset) {
      return (IntVector)
          ShortVector.fromMemorySegment(ShortVector.SPECIES_64, rows, offset, ORDER)
              .convertShape(VectorOperators.S2I, IntVector.SPECIES_128, 0);
    }

    @Override
    IntVector unsigned(MemorySegment rows, long offset) {
      return spread(rows.get(WORD, offset), BY_BYTE).and(0xFF);
    }

    @Override
    float sum(FloatVector lanes) {
      FloatVector pairs = lanes.add(lanes.rearrange(BY_2));
      return pairs.lane(0) + pairs.lane(1);
    }
  }

  private static final class Bits256 extends PanamaNarrowKernels {
    private static final VectorShuffle<Float> BY_4 = rotation(FloatVector.SPECIES_256, 4);
    private static final VectorShuffle<Float> BY_2 = rotation(FloatVector.SPECIES_256, 2);

    @Override
    VectorSpecies<Float> species() {
      return FloatVector.SPECIES_256;
    }

    @Override
    VectorSpecies<Integer> ints() {
      return IntVector.SPECIES_256;
    }

    @Override
    IntVector halves(MemorySegment rows, long offset) {
      return (IntVector)
          ShortVector.fromMemorySegment(ShortVector.SPECIES_128, rows, offset, ORDER)
              .convertShape(VectorOperators.S2I, IntVector.SPECIES_256, 0);
    }

    @Override
    IntVector unsigned(MemorySegment rows, long offset) {
      return (IntVector)
          ByteVector.fromMemorySegment(ByteVector.SPECIES_64, rows, offset, ORDER)
              .convertShape(VectorOperators.ZERO_EXTEND_B2I, IntVector.SPECIES_256, 0);
    }

    @Override
    float sum(FloatVector lanes) {
      FloatVector fours = lanes.add(lanes.rearrange(BY_4));
      FloatVector pairs = fours.add(fours.rearrange(BY_2));
      return pairs.lane(0) + pairs.lane(1);
    }
  }

  private static final class Bits512 extends PanamaNarrowKernels {
    private static final VectorShuffle<Float> BY_8 = rotation(FloatVector.SPECIES_512, 8);
    private static final VectorShuffle<Float> BY_4 = rotation(FloatVector.SPECIES_512, 4);
    private static final VectorShuffle<Float> BY_2 = rotation(FloatVector.SPECIES_512, 2);

    private static final VectorShuffle<Float> BY_4_OF_8 = rotation(FloatVector.SPECIES_512, 4, 8);
    private static final VectorShuffle<Float> BY_2_OF_4 = rotation(FloatVector.SPECIES_512, 2, 4);
    private static final VectorShuffle<Float> BY_1_OF_4 = rotation(FloatVector.SPECIES_512, 1, 4);

    /// What [#sums] leaves in the order of its arguments: the second and the third have changed
    /// places.
    private static final VectorShuffle<Float> FIRST_OF_4 =
        VectorShuffle.fromOp(FloatVector.SPECIES_512, i -> i < 4 ? new int[] {0, 8, 4, 12}[i] : 0);

    private static final VectorMask<Float> SECOND_HALF =
        VectorMask.fromLong(FloatVector.SPECIES_512, 0xFF00);
    private static final VectorMask<Float> ODD_QUARTERS =
        VectorMask.fromLong(FloatVector.SPECIES_512, 0xF0F0);

    @Override
    VectorSpecies<Float> species() {
      return FloatVector.SPECIES_512;
    }

    @Override
    VectorSpecies<Integer> ints() {
      return IntVector.SPECIES_512;
    }

    @Override
    IntVector halves(MemorySegment rows, long offset) {
      return (IntVector)
          ShortVector.fromMemorySegment(ShortVector.SPECIES_256, rows, offset, ORDER)
              .convertShape(VectorOperators.S2I, IntVector.SPECIES_512, 0);
    }

    @Override
    IntVector unsigned(MemorySegment rows, long offset) {
      return (IntVector)
          ByteVector.fromMemorySegment(ByteVector.SPECIES_128, rows, offset, ORDER)
              .convertShape(VectorOperators.ZERO_EXTEND_B2I, IntVector.SPECIES_512, 0);
    }

    @Override
    float sum(FloatVector lanes) {
      FloatVector eights = lanes.add(lanes.rearrange(BY_8));
      FloatVector fours = eights.add(eights.rearrange(BY_4));
      FloatVector pairs = fours.add(fours.rearrange(BY_2));
      return pairs.lane(0) + pairs.lane(1);
    }

    /// Adds the halves of two registers at once, then the quarters of all four.
    @Override
    void sums(FloatVector a, FloatVector b, FloatVector c, FloatVector d, float[] out, int at) {
      FloatVector ab = a.blend(b, SECOND_HALF).add(b.blend(a, SECOND_HALF).rearrange(BY_8));
      FloatVector cd = c.blend(d, SECOND_HALF).add(d.blend(c, SECOND_HALF).rearrange(BY_8));
      FloatVector fours =
          ab.blend(cd, ODD_QUARTERS).add(cd.blend(ab, ODD_QUARTERS).rearrange(BY_4_OF_8));
      FloatVector pairs = fours.add(fours.rearrange(BY_2_OF_4));
      FloatVector sums = pairs.add(pairs.rearrange(BY_1_OF_4));
      ((FloatVector) sums.rearrange(FIRST_OF_4).castShape(FloatVector.SPECIES_128, 0))
          .intoArray(out, at);
    }
  }
}
