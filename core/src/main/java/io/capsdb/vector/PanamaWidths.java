package io.capsdb.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
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

  private static final class Bits64 extends PanamaKernels {
    @Override
    VectorSpecies<Float> species() {
      return FloatVector.SPECIES_64;
    }

    @Override
    float sum(FloatVector lanes) {
      return lanes.lane(0) + lanes.lane(1);
    }
  }

  private static final class Bits128 extends PanamaKernels {
    private static final VectorShuffle<Float> BY_2 = rotation(FloatVector.SPECIES_128, 2);

    @Override
    VectorSpecies<Float> species() {
      return FloatVector.SPECIES_128;
    }

    @Override
    float sum(FloatVector lanes) {
      FloatVector pairs = lanes.add(lanes.rearrange(BY_2));
      return pairs.lane(0) + pairs.lane(1);
    }
  }

  private static final class Bits256 extends PanamaKernels {
    private static final VectorShuffle<Float> BY_4 = rotation(FloatVector.SPECIES_256, 4);
    private static final VectorShuffle<Float> BY_2 = rotation(FloatVector.SPECIES_256, 2);

    @Override
    VectorSpecies<Float> species() {
      return FloatVector.SPECIES_256;
    }

    @Override
    float sum(FloatVector lanes) {
      FloatVector fours = lanes.add(lanes.rearrange(BY_4));
      FloatVector pairs = fours.add(fours.rearrange(BY_2));
      return pairs.lane(0) + pairs.lane(1);
    }
  }

  private static final class Bits512 extends PanamaKernels {
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
