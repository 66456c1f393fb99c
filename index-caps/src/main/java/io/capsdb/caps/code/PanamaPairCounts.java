package io.capsdb.caps.code;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
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
    VectorSpecies<Long> longs = longs();
    VectorSpecies<Float> floats = floats();
    FloatVector slope = FloatVector.broadcast(floats, terms.slope());
    FloatVector shift = FloatVector.broadcast(floats, -terms.highShift());
    FloatVector limit = FloatVector.broadcast(floats, terms.limit() - terms.base());
    long[] planes = query.planes();
    int[] blocks = candidates.blocks();
    int[] differences = candidates.differences();
    int lanes = floats.length();
    int words = CodeLayout.words(query.dimension());
    int left = 0;
    for (int i = 0; i < count; i++) {
      int block = blocks[i];
      long at = CodeLayout.address(offset, block * lanes, query.dimension());
      LongVector s2 = LongVector.zero(longs);
      LongVector s3 = s2;
      LongVector t2 = s2;
      LongVector t3 = s2;
      for (int word = 0; word < words; word++) {
        long place = at + (long) CodeLayout.ROW_OF_WORDS * word;
        LongVector p2 = LongVector.broadcast(longs, planes[4 * word + 2]);
        LongVector p3 = LongVector.broadcast(longs, planes[4 * word + 3]);
        LongVector even = LongVector.fromMemorySegment(longs, groups, place, ORDER);
        LongVector odd =
            LongVector.fromMemorySegment(longs, groups, place + CodeLayout.ODD_ROWS, ORDER);
        s2 = s2.add(even.lanewise(VectorOperators.XOR, p2).lanewise(VectorOperators.BIT_COUNT));
        s3 = s3.add(even.lanewise(VectorOperators.XOR, p3).lanewise(VectorOperators.BIT_COUNT));
        t2 = t2.add(odd.lanewise(VectorOperators.XOR, p2).lanewise(VectorOperators.BIT_COUNT));
        t3 = t3.add(odd.lanewise(VectorOperators.XOR, p3).lanewise(VectorOperators.BIT_COUNT));
      }
      // A row differs in less than half a word: what odd rows differ in goes to the upper halves.
      s2 = s2.add(t2.lanewise(VectorOperators.LSHL, 32));
      s3 = s3.add(t3.lanewise(VectorOperators.LSHL, 32));
      IntVector difference =
          s3.add(s3).add(s2).lanewise(VectorOperators.LSHL, 2).reinterpretAsInts();
      long corrections = at + (long) CodeLayout.ROW_OF_WORDS * words;
      LongVector evenTerms = LongVector.fromMemorySegment(longs, groups, corrections, ORDER);
      LongVector oddTerms =
          LongVector.fromMemorySegment(longs, groups, corrections + CodeLayout.ODD_ROWS, ORDER);
      FloatVector f =
          evenTerms
              .and(LOWER)
              .or(oddTerms.lanewise(VectorOperators.LSHL, 32))
              .reinterpretAsFloats();
      FloatVector g =
          evenTerms
              .lanewise(VectorOperators.LSHR, 32)
              .or(oddTerms.and(~LOWER))
              .reinterpretAsFloats();
      FloatVector bound =
          ((FloatVector) difference.convertShape(VectorOperators.I2F, floats, 0))
              .fma(slope, shift)
              .fma(f, g);
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
    VectorSpecies<Long> longs = longs();
    VectorSpecies<Integer> ints = ints();
    VectorSpecies<Float> floats = floats();
    FloatVector slope = FloatVector.broadcast(floats, terms.slope());
    FloatVector shift = FloatVector.broadcast(floats, -terms.shift());
    FloatVector highShift = FloatVector.broadcast(floats, -terms.highShift());
    FloatVector limit = FloatVector.broadcast(floats, terms.limit() - terms.base());
    FloatVector far = FloatVector.broadcast(floats, Float.POSITIVE_INFINITY);
    long[] planes = query.planes();
    int[] blocks = candidates.blocks();
    int[] differences = candidates.differences();
    float[] estimates = candidates.estimates();
    int lanes = floats.length();
    int words = CodeLayout.words(query.dimension());
    for (int i = 0; i < count; i++) {
      long at = CodeLayout.address(offset, blocks[i] * lanes, query.dimension());
      LongVector s0 = LongVector.zero(longs);
      LongVector s1 = s0;
      LongVector t0 = s0;
      LongVector t1 = s0;
      for (int word = 0; word < words; word++) {
        long place = at + (long) CodeLayout.ROW_OF_WORDS * word;
        LongVector p0 = LongVector.broadcast(longs, planes[4 * word]);
        LongVector p1 = LongVector.broadcast(longs, planes[4 * word + 1]);
        LongVector even = LongVector.fromMemorySegment(longs, groups, place, ORDER);
        LongVector odd =
            LongVector.fromMemorySegment(longs, groups, place + CodeLayout.ODD_ROWS, ORDER);
        s0 = s0.add(even.lanewise(VectorOperators.XOR, p0).lanewise(VectorOperators.BIT_COUNT));
        s1 = s1.add(even.lanewise(VectorOperators.XOR, p1).lanewise(VectorOperators.BIT_COUNT));
        t0 = t0.add(odd.lanewise(VectorOperators.XOR, p0).lanewise(VectorOperators.BIT_COUNT));
        t1 = t1.add(odd.lanewise(VectorOperators.XOR, p1).lanewise(VectorOperators.BIT_COUNT));
      }
      s0 = s0.add(t0.lanewise(VectorOperators.LSHL, 32));
      s1 = s1.add(t1.lanewise(VectorOperators.LSHL, 32));
      long corrections = at + (long) CodeLayout.ROW_OF_WORDS * words;
      LongVector evenTerms = LongVector.fromMemorySegment(longs, groups, corrections, ORDER);
      LongVector oddTerms =
          LongVector.fromMemorySegment(longs, groups, corrections + CodeLayout.ODD_ROWS, ORDER);
      FloatVector f =
          evenTerms
              .and(LOWER)
              .or(oddTerms.lanewise(VectorOperators.LSHL, 32))
              .reinterpretAsFloats();
      FloatVector g =
          evenTerms
              .lanewise(VectorOperators.LSHR, 32)
              .or(oddTerms.and(~LOWER))
              .reinterpretAsFloats();
      IntVector high = IntVector.fromArray(ints, differences, i * lanes);
      VectorMask<Float> isNear =
          ((FloatVector) high.convertShape(VectorOperators.I2F, floats, 0))
              .fma(slope, highShift)
              .fma(f, g)
              .compare(VectorOperators.LT, limit);
      IntVector difference = s1.add(s1).add(s0).reinterpretAsInts().add(high);
      far.blend(
              ((FloatVector) difference.convertShape(VectorOperators.I2F, floats, 0))
                  .fma(slope, shift)
                  .fma(f, g),
              isNear)
          .intoArray(estimates, i * lanes);
    }
  }
}
