package io.capsdb.caps.code;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Counts the bits of bytes, for processors that count bytes only, as Arm's do. Bytes become words
/// once for a row, not once for a word.
///
/// The loops are written as [PanamaWordCounts] tells.
abstract class PanamaByteCounts extends PanamaCodeLoops {
  /// The bits of as many bytes can be counted in a byte.
  private static final int MOST_WORDS = 255 / Byte.SIZE;

  private static final int EVEN_BYTES = 0x00ff00ff;

  /// A constant of the class, of the shape of [#floats].
  abstract VectorSpecies<Byte> bytes();

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
    VectorSpecies<Integer> ints = ints();
    VectorSpecies<Byte> bytes = bytes();
    VectorSpecies<Float> floats = floats();
    FloatVector slope = FloatVector.broadcast(floats, terms.slope());
    FloatVector shift = FloatVector.broadcast(floats, -terms.shift());
    int[] planes = query.planes();
    int lanes = ints.length();
    int words = CodeLayout.words(query.dimension());
    for (int i = 0; i < count; i++) {
      long at = CodeLayout.address(offset, blocks[i] * lanes, query.dimension());
      IntVector difference = IntVector.zero(ints);
      for (int from = 0; from < words; from += MOST_WORDS) {
        int to = Math.min(words, from + MOST_WORDS);
        ByteVector s0 = ByteVector.zero(bytes);
        ByteVector s1 = s0;
        ByteVector s2 = s0;
        ByteVector s3 = s0;
        for (int word = from; word < to; word++) {
          long place = at + (long) CodeLayout.ROW_OF_WORDS * word;
          int plane = 4 * word;
          IntVector code = IntVector.fromMemorySegment(ints, groups, place, ORDER);
          s0 =
              s0.add(
                  code.lanewise(VectorOperators.XOR, IntVector.broadcast(ints, planes[plane]))
                      .reinterpretAsBytes()
                      .lanewise(VectorOperators.BIT_COUNT));
          s1 =
              s1.add(
                  code.lanewise(VectorOperators.XOR, IntVector.broadcast(ints, planes[plane + 1]))
                      .reinterpretAsBytes()
                      .lanewise(VectorOperators.BIT_COUNT));
          s2 =
              s2.add(
                  code.lanewise(VectorOperators.XOR, IntVector.broadcast(ints, planes[plane + 2]))
                      .reinterpretAsBytes()
                      .lanewise(VectorOperators.BIT_COUNT));
          s3 =
              s3.add(
                  code.lanewise(VectorOperators.XOR, IntVector.broadcast(ints, planes[plane + 3]))
                      .reinterpretAsBytes()
                      .lanewise(VectorOperators.BIT_COUNT));
        }
        // Sums of two bytes stand in halves of words: at most 15 * 2 * 248, which fits.
        IntVector w0 = s0.reinterpretAsInts();
        IntVector w1 = s1.reinterpretAsInts();
        IntVector w2 = s2.reinterpretAsInts();
        IntVector w3 = s3.reinterpretAsInts();
        w0 = w0.and(EVEN_BYTES).add(w0.lanewise(VectorOperators.LSHR, 8).and(EVEN_BYTES));
        w1 = w1.and(EVEN_BYTES).add(w1.lanewise(VectorOperators.LSHR, 8).and(EVEN_BYTES));
        w2 = w2.and(EVEN_BYTES).add(w2.lanewise(VectorOperators.LSHR, 8).and(EVEN_BYTES));
        w3 = w3.and(EVEN_BYTES).add(w3.lanewise(VectorOperators.LSHR, 8).and(EVEN_BYTES));
        IntVector low = w1.add(w1).add(w0);
        IntVector high = w3.add(w3).add(w2);
        IntVector halves = high.lanewise(VectorOperators.LSHL, 2).add(low);
        difference =
            difference.add(halves.and(0xffff)).add(halves.lanewise(VectorOperators.LSHR, 16));
      }
      long corrections = at + (long) CodeLayout.ROW_OF_WORDS * words;
      ((FloatVector) difference.convertShape(VectorOperators.I2F, floats, 0))
          .fma(slope, shift)
          .fma(
              FloatVector.fromMemorySegment(floats, groups, corrections, ORDER),
              FloatVector.fromMemorySegment(
                  floats, groups, corrections + CodeLayout.ROW_OF_WORDS, ORDER))
          .intoArray(estimates, i * lanes);
    }
    return count;
  }
}
