package io.capsdb.caps.code;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Counts the bits of words, for processors that do so in one instruction, and for registers that
/// hold a whole group of rows.
///
/// Three things are worth a tenth to a half of the time. The loops are written out: the compiler
/// has a budget of nodes for each method, and when that is spent it still inlines the vector API,
/// but no small method of ours, and makes an object of each vector that one takes. Planes are
/// spread from single words: loaded as registers, from an array that does not begin at a cache
/// line, each would touch two. And what is written is no `int[]`, as the planes are.
abstract class PanamaWordCounts extends PanamaCodeLoops {
  private static final int WORDS_IN_REGISTERS = 4;

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
      estimateFourWords(groups, offset, query, terms, blocks, count, estimates);
    } else {
      estimateRuns(groups, offset, query, terms, blocks, count, estimates);
    }
    return count;
  }

  /// Dimension 97 to 128: all planes stay in 16 of 32 registers, and there is no inner loop. A
  /// quarter faster than the loop.
  private void estimateFourWords(
      MemorySegment groups,
      long offset,
      QueryCode query,
      ScanTerms terms,
      int[] blocks,
      int count,
      float[] estimates) {
    VectorSpecies<Integer> ints = ints();
    VectorSpecies<Float> floats = floats();
    FloatVector slope = FloatVector.broadcast(floats, terms.slope());
    FloatVector shift = FloatVector.broadcast(floats, -terms.shift());
    int[] planes = query.planes();
    int lanes = ints.length();
    int words = WORDS_IN_REGISTERS;
    IntVector a0 = IntVector.broadcast(ints, planes[0]);
    IntVector a1 = IntVector.broadcast(ints, planes[1]);
    IntVector a2 = IntVector.broadcast(ints, planes[2]);
    IntVector a3 = IntVector.broadcast(ints, planes[3]);
    IntVector b0 = IntVector.broadcast(ints, planes[4]);
    IntVector b1 = IntVector.broadcast(ints, planes[5]);
    IntVector b2 = IntVector.broadcast(ints, planes[6]);
    IntVector b3 = IntVector.broadcast(ints, planes[7]);
    IntVector c0 = IntVector.broadcast(ints, planes[8]);
    IntVector c1 = IntVector.broadcast(ints, planes[9]);
    IntVector c2 = IntVector.broadcast(ints, planes[10]);
    IntVector c3 = IntVector.broadcast(ints, planes[11]);
    IntVector d0 = IntVector.broadcast(ints, planes[12]);
    IntVector d1 = IntVector.broadcast(ints, planes[13]);
    IntVector d2 = IntVector.broadcast(ints, planes[14]);
    IntVector d3 = IntVector.broadcast(ints, planes[15]);
    for (int i = 0; i < count; i++) {
      long at = CodeLayout.address(offset, blocks[i] * lanes, query.dimension());
      IntVector code = IntVector.fromMemorySegment(ints, groups, at, ORDER);
      IntVector s0 = code.lanewise(VectorOperators.XOR, a0).lanewise(VectorOperators.BIT_COUNT);
      IntVector s1 = code.lanewise(VectorOperators.XOR, a1).lanewise(VectorOperators.BIT_COUNT);
      IntVector s2 = code.lanewise(VectorOperators.XOR, a2).lanewise(VectorOperators.BIT_COUNT);
      IntVector s3 = code.lanewise(VectorOperators.XOR, a3).lanewise(VectorOperators.BIT_COUNT);
      code = IntVector.fromMemorySegment(ints, groups, at + CodeLayout.ROW_OF_WORDS, ORDER);
      s0 = s0.add(code.lanewise(VectorOperators.XOR, b0).lanewise(VectorOperators.BIT_COUNT));
      s1 = s1.add(code.lanewise(VectorOperators.XOR, b1).lanewise(VectorOperators.BIT_COUNT));
      s2 = s2.add(code.lanewise(VectorOperators.XOR, b2).lanewise(VectorOperators.BIT_COUNT));
      s3 = s3.add(code.lanewise(VectorOperators.XOR, b3).lanewise(VectorOperators.BIT_COUNT));
      code = IntVector.fromMemorySegment(ints, groups, at + 2 * CodeLayout.ROW_OF_WORDS, ORDER);
      s0 = s0.add(code.lanewise(VectorOperators.XOR, c0).lanewise(VectorOperators.BIT_COUNT));
      s1 = s1.add(code.lanewise(VectorOperators.XOR, c1).lanewise(VectorOperators.BIT_COUNT));
      s2 = s2.add(code.lanewise(VectorOperators.XOR, c2).lanewise(VectorOperators.BIT_COUNT));
      s3 = s3.add(code.lanewise(VectorOperators.XOR, c3).lanewise(VectorOperators.BIT_COUNT));
      code = IntVector.fromMemorySegment(ints, groups, at + 3 * CodeLayout.ROW_OF_WORDS, ORDER);
      s0 = s0.add(code.lanewise(VectorOperators.XOR, d0).lanewise(VectorOperators.BIT_COUNT));
      s1 = s1.add(code.lanewise(VectorOperators.XOR, d1).lanewise(VectorOperators.BIT_COUNT));
      s2 = s2.add(code.lanewise(VectorOperators.XOR, d2).lanewise(VectorOperators.BIT_COUNT));
      s3 = s3.add(code.lanewise(VectorOperators.XOR, d3).lanewise(VectorOperators.BIT_COUNT));
      IntVector high = s3.add(s3).add(s2);
      IntVector low = s1.add(s1).add(s0);
      IntVector difference = high.lanewise(VectorOperators.LSHL, 2).add(low);
      long corrections = at + (long) CodeLayout.ROW_OF_WORDS * words;
      ((FloatVector) difference.convertShape(VectorOperators.I2F, floats, 0))
          .fma(slope, shift)
          .fma(
              FloatVector.fromMemorySegment(floats, groups, corrections, ORDER),
              FloatVector.fromMemorySegment(
                  floats, groups, corrections + CodeLayout.ROW_OF_WORDS, ORDER))
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
    int lanes = ints().length();
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

  /// Two words at a time.
  private void estimateRun(
      MemorySegment groups,
      long start,
      int[] planes,
      int words,
      ScanTerms terms,
      int from,
      int to,
      float[] estimates) {
    VectorSpecies<Integer> ints = ints();
    VectorSpecies<Float> floats = floats();
    FloatVector slope = FloatVector.broadcast(floats, terms.slope());
    FloatVector shift = FloatVector.broadcast(floats, -terms.shift());
    int lanes = ints.length();
    long groupBytes = (long) CodeLayout.ROW_OF_WORDS * (words + 2);
    for (int i = 0; i < to - from; i++) {
      long at = start + i * groupBytes;
      IntVector s0 = IntVector.zero(ints);
      IntVector s1 = s0;
      IntVector s2 = s0;
      IntVector s3 = s0;
      int word = 0;
      for (; word + 1 < words; word += 2) {
        long place = at + (long) CodeLayout.ROW_OF_WORDS * word;
        int plane = 4 * word;
        IntVector code = IntVector.fromMemorySegment(ints, groups, place, ORDER);
        s0 =
            s0.add(
                code.lanewise(VectorOperators.XOR, IntVector.broadcast(ints, planes[plane]))
                    .lanewise(VectorOperators.BIT_COUNT));
        s1 =
            s1.add(
                code.lanewise(VectorOperators.XOR, IntVector.broadcast(ints, planes[plane + 1]))
                    .lanewise(VectorOperators.BIT_COUNT));
        s2 =
            s2.add(
                code.lanewise(VectorOperators.XOR, IntVector.broadcast(ints, planes[plane + 2]))
                    .lanewise(VectorOperators.BIT_COUNT));
        s3 =
            s3.add(
                code.lanewise(VectorOperators.XOR, IntVector.broadcast(ints, planes[plane + 3]))
                    .lanewise(VectorOperators.BIT_COUNT));
        code = IntVector.fromMemorySegment(ints, groups, place + CodeLayout.ROW_OF_WORDS, ORDER);
        s0 =
            s0.add(
                code.lanewise(VectorOperators.XOR, IntVector.broadcast(ints, planes[plane + 4]))
                    .lanewise(VectorOperators.BIT_COUNT));
        s1 =
            s1.add(
                code.lanewise(VectorOperators.XOR, IntVector.broadcast(ints, planes[plane + 5]))
                    .lanewise(VectorOperators.BIT_COUNT));
        s2 =
            s2.add(
                code.lanewise(VectorOperators.XOR, IntVector.broadcast(ints, planes[plane + 6]))
                    .lanewise(VectorOperators.BIT_COUNT));
        s3 =
            s3.add(
                code.lanewise(VectorOperators.XOR, IntVector.broadcast(ints, planes[plane + 7]))
                    .lanewise(VectorOperators.BIT_COUNT));
      }
      if (word < words) {
        long place = at + (long) CodeLayout.ROW_OF_WORDS * word;
        int plane = 4 * word;
        IntVector code = IntVector.fromMemorySegment(ints, groups, place, ORDER);
        s0 =
            s0.add(
                code.lanewise(VectorOperators.XOR, IntVector.broadcast(ints, planes[plane]))
                    .lanewise(VectorOperators.BIT_COUNT));
        s1 =
            s1.add(
                code.lanewise(VectorOperators.XOR, IntVector.broadcast(ints, planes[plane + 1]))
                    .lanewise(VectorOperators.BIT_COUNT));
        s2 =
            s2.add(
                code.lanewise(VectorOperators.XOR, IntVector.broadcast(ints, planes[plane + 2]))
                    .lanewise(VectorOperators.BIT_COUNT));
        s3 =
            s3.add(
                code.lanewise(VectorOperators.XOR, IntVector.broadcast(ints, planes[plane + 3]))
                    .lanewise(VectorOperators.BIT_COUNT));
      }
      IntVector high = s3.add(s3).add(s2);
      IntVector low = s1.add(s1).add(s0);
      IntVector difference = high.lanewise(VectorOperators.LSHL, 2).add(low);
      long corrections = at + (long) CodeLayout.ROW_OF_WORDS * words;
      ((FloatVector) difference.convertShape(VectorOperators.I2F, floats, 0))
          .fma(slope, shift)
          .fma(
              FloatVector.fromMemorySegment(floats, groups, corrections, ORDER),
              FloatVector.fromMemorySegment(
                  floats, groups, corrections + CodeLayout.ROW_OF_WORDS, ORDER))
          .intoArray(estimates, (from + i) * lanes);
    }
  }
}
