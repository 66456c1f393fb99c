package io.capsdb.caps.code;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Counts the bits of words, for processors that do so in one instruction, and for registers that
/// hold a whole group of rows.
///
/// Three things are worth a tenth to a half of the time. The loops are written out: the compiler
/// has a budget of nodes for each method, and when that is spent it still inlines the vector API,
/// but no small method of ours, and makes an object of each vector that one takes. Planes are
/// spread from single words: loaded as registers, from an array that does not begin at a cache
/// line, each would touch two. And what is written is no `long[]`, as the planes are.
abstract class PanamaWordCounts extends PanamaCodeLoops {
  private static final int WORDS_IN_REGISTERS = 2;

  @Override
  final int estimate(
      MemorySegment groups,
      long offset,
      QueryCode query,
      ScanTerms terms,
      int count,
      Candidates candidates) {
    int[] blocks = candidates.blocks();
    float[] estimates = candidates.estimates();
    if (CodeLayout.words(query.dimension()) == WORDS_IN_REGISTERS) {
      estimateTwoWords(groups, offset, query, terms, blocks, count, estimates);
    } else {
      estimateRuns(groups, offset, query, terms, blocks, count, estimates);
    }
    return count;
  }

  /// Dimension 65 to 128: all planes stay in 8 of 32 registers, and there is no inner loop.
  private void estimateTwoWords(
      MemorySegment groups,
      long offset,
      QueryCode query,
      ScanTerms terms,
      int[] blocks,
      int count,
      float[] estimates) {
    VectorSpecies<Long> longs = longs();
    VectorSpecies<Float> floats = floats();
    FloatVector slope = FloatVector.broadcast(floats, terms.slope());
    FloatVector shift = FloatVector.broadcast(floats, -terms.shift());
    long[] planes = query.planes();
    int lanes = floats.length();
    LongVector a0 = LongVector.broadcast(longs, planes[0]);
    LongVector a1 = LongVector.broadcast(longs, planes[1]);
    LongVector a2 = LongVector.broadcast(longs, planes[2]);
    LongVector a3 = LongVector.broadcast(longs, planes[3]);
    LongVector b0 = LongVector.broadcast(longs, planes[4]);
    LongVector b1 = LongVector.broadcast(longs, planes[5]);
    LongVector b2 = LongVector.broadcast(longs, planes[6]);
    LongVector b3 = LongVector.broadcast(longs, planes[7]);
    for (int i = 0; i < count; i++) {
      long at = CodeLayout.address(offset, blocks[i] * lanes, query.dimension());
      LongVector code = LongVector.fromMemorySegment(longs, groups, at, ORDER);
      LongVector s0 = code.lanewise(VectorOperators.XOR, a0).lanewise(VectorOperators.BIT_COUNT);
      LongVector s1 = code.lanewise(VectorOperators.XOR, a1).lanewise(VectorOperators.BIT_COUNT);
      LongVector s2 = code.lanewise(VectorOperators.XOR, a2).lanewise(VectorOperators.BIT_COUNT);
      LongVector s3 = code.lanewise(VectorOperators.XOR, a3).lanewise(VectorOperators.BIT_COUNT);
      code = LongVector.fromMemorySegment(longs, groups, at + CodeLayout.ROW_OF_WORDS, ORDER);
      s0 = s0.add(code.lanewise(VectorOperators.XOR, b0).lanewise(VectorOperators.BIT_COUNT));
      s1 = s1.add(code.lanewise(VectorOperators.XOR, b1).lanewise(VectorOperators.BIT_COUNT));
      s2 = s2.add(code.lanewise(VectorOperators.XOR, b2).lanewise(VectorOperators.BIT_COUNT));
      s3 = s3.add(code.lanewise(VectorOperators.XOR, b3).lanewise(VectorOperators.BIT_COUNT));
      LongVector even =
          s3.add(s3).add(s2).lanewise(VectorOperators.LSHL, 2).add(s1.add(s1).add(s0));
      code = LongVector.fromMemorySegment(longs, groups, at + CodeLayout.ODD_ROWS, ORDER);
      s0 = code.lanewise(VectorOperators.XOR, a0).lanewise(VectorOperators.BIT_COUNT);
      s1 = code.lanewise(VectorOperators.XOR, a1).lanewise(VectorOperators.BIT_COUNT);
      s2 = code.lanewise(VectorOperators.XOR, a2).lanewise(VectorOperators.BIT_COUNT);
      s3 = code.lanewise(VectorOperators.XOR, a3).lanewise(VectorOperators.BIT_COUNT);
      code =
          LongVector.fromMemorySegment(
              longs, groups, at + CodeLayout.ODD_ROWS + CodeLayout.ROW_OF_WORDS, ORDER);
      s0 = s0.add(code.lanewise(VectorOperators.XOR, b0).lanewise(VectorOperators.BIT_COUNT));
      s1 = s1.add(code.lanewise(VectorOperators.XOR, b1).lanewise(VectorOperators.BIT_COUNT));
      s2 = s2.add(code.lanewise(VectorOperators.XOR, b2).lanewise(VectorOperators.BIT_COUNT));
      s3 = s3.add(code.lanewise(VectorOperators.XOR, b3).lanewise(VectorOperators.BIT_COUNT));
      LongVector odd = s3.add(s3).add(s2).lanewise(VectorOperators.LSHL, 2).add(s1.add(s1).add(s0));
      long corrections = at + (long) CodeLayout.ROW_OF_WORDS * WORDS_IN_REGISTERS;
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
      ((FloatVector)
              even.or(odd.lanewise(VectorOperators.LSHL, 32))
                  .reinterpretAsInts()
                  .convertShape(VectorOperators.I2F, floats, 0))
          .fma(slope, shift)
          .fma(f, g)
          .intoArray(estimates, i * lanes);
    }
  }

  /// Blocks in a row lie at even distances, which lets the compiler check the bounds of the segment
  /// once for all of them.
  private void estimateRuns(
      MemorySegment groups,
      long offset,
      QueryCode query,
      ScanTerms terms,
      int[] blocks,
      int count,
      float[] estimates) {
    int words = CodeLayout.words(query.dimension());
    int lanes = floats().length();
    for (int i = 0; i < count; ) {
      int next = i + 1;
      while (next < count && blocks[next] - blocks[i] == next - i) {
        next++;
      }
      long at = CodeLayout.address(offset, blocks[i] * lanes, query.dimension());
      estimateRun(groups, at, query.planes(), words, terms, i, next, estimates);
      i = next;
    }
  }

  private void estimateRun(
      MemorySegment groups,
      long start,
      long[] planes,
      int words,
      ScanTerms terms,
      int from,
      int to,
      float[] estimates) {
    VectorSpecies<Long> longs = longs();
    VectorSpecies<Float> floats = floats();
    FloatVector slope = FloatVector.broadcast(floats, terms.slope());
    FloatVector shift = FloatVector.broadcast(floats, -terms.shift());
    int lanes = floats.length();
    long groupBytes = (long) CodeLayout.ROW_OF_WORDS * (words + 1);
    for (int i = 0; i < to - from; i++) {
      long at = start + i * groupBytes;
      LongVector s0 = LongVector.zero(longs);
      LongVector s1 = s0;
      LongVector s2 = s0;
      LongVector s3 = s0;
      LongVector t0 = s0;
      LongVector t1 = s0;
      LongVector t2 = s0;
      LongVector t3 = s0;
      for (int word = 0; word < words; word++) {
        long place = at + (long) CodeLayout.ROW_OF_WORDS * word;
        LongVector p0 = LongVector.broadcast(longs, planes[4 * word]);
        LongVector p1 = LongVector.broadcast(longs, planes[4 * word + 1]);
        LongVector p2 = LongVector.broadcast(longs, planes[4 * word + 2]);
        LongVector p3 = LongVector.broadcast(longs, planes[4 * word + 3]);
        LongVector code = LongVector.fromMemorySegment(longs, groups, place, ORDER);
        s0 = s0.add(code.lanewise(VectorOperators.XOR, p0).lanewise(VectorOperators.BIT_COUNT));
        s1 = s1.add(code.lanewise(VectorOperators.XOR, p1).lanewise(VectorOperators.BIT_COUNT));
        s2 = s2.add(code.lanewise(VectorOperators.XOR, p2).lanewise(VectorOperators.BIT_COUNT));
        s3 = s3.add(code.lanewise(VectorOperators.XOR, p3).lanewise(VectorOperators.BIT_COUNT));
        code = LongVector.fromMemorySegment(longs, groups, place + CodeLayout.ODD_ROWS, ORDER);
        t0 = t0.add(code.lanewise(VectorOperators.XOR, p0).lanewise(VectorOperators.BIT_COUNT));
        t1 = t1.add(code.lanewise(VectorOperators.XOR, p1).lanewise(VectorOperators.BIT_COUNT));
        t2 = t2.add(code.lanewise(VectorOperators.XOR, p2).lanewise(VectorOperators.BIT_COUNT));
        t3 = t3.add(code.lanewise(VectorOperators.XOR, p3).lanewise(VectorOperators.BIT_COUNT));
      }
      LongVector even =
          s3.add(s3).add(s2).lanewise(VectorOperators.LSHL, 2).add(s1.add(s1).add(s0));
      LongVector odd = t3.add(t3).add(t2).lanewise(VectorOperators.LSHL, 2).add(t1.add(t1).add(t0));
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
      ((FloatVector)
              even.or(odd.lanewise(VectorOperators.LSHL, 32))
                  .reinterpretAsInts()
                  .convertShape(VectorOperators.I2F, floats, 0))
          .fma(slope, shift)
          .fma(f, g)
          .intoArray(estimates, (from + i) * lanes);
    }
  }
}
