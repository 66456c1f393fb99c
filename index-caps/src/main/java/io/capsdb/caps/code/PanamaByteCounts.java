package io.capsdb.caps.code;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Counts the bits of bytes, for processors that count bytes only, as Arm's do. Bytes become words
/// once for a row, not once for a word.
///
/// The loops are written as [PanamaWordCounts] tells.
abstract class PanamaByteCounts extends PanamaCodeLoops {
  /// The bits of as many bytes can be counted in a byte.
  private static final int MOST_WORDS = 255 / Byte.SIZE;

  private static final long EVEN_BYTES = 0x00ff_00ff_00ff_00ffL;
  private static final long EVEN_PAIRS = 0x0000_ffff_0000_ffffL;

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
    VectorSpecies<Long> longs = longs();
    VectorSpecies<Float> floats = floats();
    FloatVector slope = FloatVector.broadcast(floats, terms.slope());
    FloatVector shift = FloatVector.broadcast(floats, -terms.shift());
    long[] planes = query.planes();
    int lanes = floats.length();
    int words = CodeLayout.words(query.dimension());
    for (int i = 0; i < count; i++) {
      long at = CodeLayout.address(offset, blocks[i] * lanes, query.dimension());
      IntVector difference = IntVector.zero(ints());
      for (int from = 0; from < words; from += MOST_WORDS) {
        int to = Math.min(words, from + MOST_WORDS);
        LongVector even = differences(groups, at, planes, from, to);
        LongVector odd = differences(groups, at + CodeLayout.ODD_ROWS, planes, from, to);
        // Both halves of a word make the sum of a row: it goes to the row's half of a word.
        even = even.add(even.lanewise(VectorOperators.LSHR, 32)).and(LOWER);
        odd = odd.add(odd.lanewise(VectorOperators.LSHL, 32)).and(~LOWER);
        difference = difference.add(even.or(odd).reinterpretAsInts());
      }
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
      ((FloatVector) difference.convertShape(VectorOperators.I2F, floats, 0))
          .fma(slope, shift)
          .fma(f, g)
          .intoArray(estimates, i * lanes);
    }
    return count;
  }

  /// What every second row differs in: the sum of both halves of a word.
  private LongVector differences(MemorySegment groups, long at, long[] planes, int from, int to) {
    VectorSpecies<Long> longs = longs();
    VectorSpecies<Byte> bytes = bytes();
    ByteVector s0 = ByteVector.zero(bytes);
    ByteVector s1 = s0;
    ByteVector s2 = s0;
    ByteVector s3 = s0;
    for (int word = from; word < to; word++) {
      LongVector code =
          LongVector.fromMemorySegment(
              longs, groups, at + (long) CodeLayout.ROW_OF_WORDS * word, ORDER);
      s0 =
          s0.add(
              code.lanewise(VectorOperators.XOR, planes[4 * word + 0])
                  .reinterpretAsBytes()
                  .lanewise(VectorOperators.BIT_COUNT));
      s1 =
          s1.add(
              code.lanewise(VectorOperators.XOR, planes[4 * word + 1])
                  .reinterpretAsBytes()
                  .lanewise(VectorOperators.BIT_COUNT));
      s2 =
          s2.add(
              code.lanewise(VectorOperators.XOR, planes[4 * word + 2])
                  .reinterpretAsBytes()
                  .lanewise(VectorOperators.BIT_COUNT));
      s3 =
          s3.add(
              code.lanewise(VectorOperators.XOR, planes[4 * word + 3])
                  .reinterpretAsBytes()
                  .lanewise(VectorOperators.BIT_COUNT));
    }
    // Sums of two bytes stand in quarters of words: at most 15 * 2 * 248, which fits.
    LongVector w0 = s0.reinterpretAsLongs();
    LongVector w1 = s1.reinterpretAsLongs();
    LongVector w2 = s2.reinterpretAsLongs();
    LongVector w3 = s3.reinterpretAsLongs();
    w0 = w0.and(EVEN_BYTES).add(w0.lanewise(VectorOperators.LSHR, 8).and(EVEN_BYTES));
    w1 = w1.and(EVEN_BYTES).add(w1.lanewise(VectorOperators.LSHR, 8).and(EVEN_BYTES));
    w2 = w2.and(EVEN_BYTES).add(w2.lanewise(VectorOperators.LSHR, 8).and(EVEN_BYTES));
    w3 = w3.and(EVEN_BYTES).add(w3.lanewise(VectorOperators.LSHR, 8).and(EVEN_BYTES));
    LongVector low = w1.add(w1).add(w0);
    LongVector high = w3.add(w3).add(w2);
    LongVector quarters = high.lanewise(VectorOperators.LSHL, 2).add(low);
    return quarters
        .and(EVEN_PAIRS)
        .add(quarters.lanewise(VectorOperators.LSHR, 16).and(EVEN_PAIRS));
  }
}
