package io.capsdb.caps.code;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Counts the bits of words for the two high planes of the query first, and for the two low ones
/// only where these leave a row a chance: for processors with AVX2, which need six instructions to
/// count the bits of a register, so that counting is what a scan spends its time on.
///
/// The high planes alone make a bound too, a looser one ([ScanTerms#highShift]). It passes over
/// nearly all rows of most partitions. The loops are written as [PanamaWordCounts] tells.
abstract class PanamaPairCounts extends PanamaCodeLoops {
  @Override
  final int estimate(
      MemorySegment groups,
      long offset,
      QueryCode query,
      ScanTerms terms,
      int count,
      Candidates candidates) {
    int left = estimateHigh(groups, offset, query, terms, count, candidates);
    estimateLow(groups, offset, query, terms, left, candidates);
    return left;
  }

  /// Keeps the blocks with a row whose bound by the high planes is below the limit, and what these
  /// planes differ in.
  private int estimateHigh(
      MemorySegment groups,
      long offset,
      QueryCode query,
      ScanTerms terms,
      int count,
      Candidates candidates) {
    VectorSpecies<Integer> ints = ints();
    VectorSpecies<Float> floats = floats();
    FloatVector slope = FloatVector.broadcast(floats, terms.slope());
    FloatVector shift = FloatVector.broadcast(floats, -terms.highShift());
    FloatVector limit = FloatVector.broadcast(floats, terms.limit() - terms.base());
    int[] planes = query.planes();
    int[] blocks = candidates.blocks();
    int[] differences = candidates.differences();
    int lanes = ints.length();
    int words = CodeLayout.words(query.dimension());
    int left = 0;
    for (int i = 0; i < count; i++) {
      int block = blocks[i];
      long at = CodeLayout.address(offset, block * lanes, query.dimension());
      IntVector s2 = IntVector.zero(ints);
      IntVector s3 = s2;
      for (int word = 0; word < words; word++) {
        long place = at + (long) CodeLayout.ROW_OF_WORDS * word;
        IntVector code = IntVector.fromMemorySegment(ints, groups, place, ORDER);
        s2 =
            s2.add(
                code.lanewise(VectorOperators.XOR, IntVector.broadcast(ints, planes[4 * word + 2]))
                    .lanewise(VectorOperators.BIT_COUNT));
        s3 =
            s3.add(
                code.lanewise(VectorOperators.XOR, IntVector.broadcast(ints, planes[4 * word + 3]))
                    .lanewise(VectorOperators.BIT_COUNT));
      }
      IntVector difference = s3.add(s3).add(s2).lanewise(VectorOperators.LSHL, 2);
      long corrections = at + (long) CodeLayout.ROW_OF_WORDS * words;
      FloatVector bound =
          ((FloatVector) difference.convertShape(VectorOperators.I2F, floats, 0))
              .fma(slope, shift)
              .fma(
                  FloatVector.fromMemorySegment(floats, groups, corrections, ORDER),
                  FloatVector.fromMemorySegment(
                      floats, groups, corrections + CodeLayout.ROW_OF_WORDS, ORDER));
      difference.intoArray(differences, left * lanes);
      blocks[left] = block;
      left += bound.compare(VectorOperators.LT, limit).anyTrue() ? 1 : 0;
    }
    return left;
  }

  /// Adds the low planes. A row that the high ones passed over stays passed over, so that what is
  /// found does not depend on its neighbours.
  private void estimateLow(
      MemorySegment groups,
      long offset,
      QueryCode query,
      ScanTerms terms,
      int count,
      Candidates candidates) {
    VectorSpecies<Integer> ints = ints();
    VectorSpecies<Float> floats = floats();
    FloatVector slope = FloatVector.broadcast(floats, terms.slope());
    FloatVector shift = FloatVector.broadcast(floats, -terms.shift());
    FloatVector highShift = FloatVector.broadcast(floats, -terms.highShift());
    FloatVector limit = FloatVector.broadcast(floats, terms.limit() - terms.base());
    FloatVector far = FloatVector.broadcast(floats, Float.POSITIVE_INFINITY);
    int[] planes = query.planes();
    int[] blocks = candidates.blocks();
    int[] differences = candidates.differences();
    float[] estimates = candidates.estimates();
    int lanes = ints.length();
    int words = CodeLayout.words(query.dimension());
    for (int i = 0; i < count; i++) {
      long at = CodeLayout.address(offset, blocks[i] * lanes, query.dimension());
      IntVector s0 = IntVector.zero(ints);
      IntVector s1 = s0;
      for (int word = 0; word < words; word++) {
        long place = at + (long) CodeLayout.ROW_OF_WORDS * word;
        IntVector code = IntVector.fromMemorySegment(ints, groups, place, ORDER);
        s0 =
            s0.add(
                code.lanewise(VectorOperators.XOR, IntVector.broadcast(ints, planes[4 * word]))
                    .lanewise(VectorOperators.BIT_COUNT));
        s1 =
            s1.add(
                code.lanewise(VectorOperators.XOR, IntVector.broadcast(ints, planes[4 * word + 1]))
                    .lanewise(VectorOperators.BIT_COUNT));
      }
      long corrections = at + (long) CodeLayout.ROW_OF_WORDS * words;
      FloatVector f = FloatVector.fromMemorySegment(floats, groups, corrections, ORDER);
      FloatVector g =
          FloatVector.fromMemorySegment(
              floats, groups, corrections + CodeLayout.ROW_OF_WORDS, ORDER);
      IntVector high = IntVector.fromArray(ints, differences, i * lanes);
      VectorMask<Float> isNear =
          ((FloatVector) high.convertShape(VectorOperators.I2F, floats, 0))
              .fma(slope, highShift)
              .fma(f, g)
              .compare(VectorOperators.LT, limit);
      IntVector difference = s1.add(s1).add(s0).add(high);
      far.blend(
              ((FloatVector) difference.convertShape(VectorOperators.I2F, floats, 0))
                  .fma(slope, shift)
                  .fma(f, g),
              isNear)
          .intoArray(estimates, i * lanes);
    }
  }
}
