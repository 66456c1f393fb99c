package io.capsdb.caps.code;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/// The loops on `jdk.incubator.vector`: an int lane is a row, of which it holds four values.
///
/// Species are constants for the compiler as in [PanamaCodeLoops].
abstract class PanamaByteLoops implements ByteLoops {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /// Words whose absolute differences are summed in 16 bits before that overflows.
  private static final int WORDS_OF_SHORTS = 256;

  private final IntVector places = IntVector.zero(ints()).addIndex(1);

  /// A constant of the class, of 2 to 16 lanes.
  abstract VectorSpecies<Float> floats();

  /// A constant of the class, of the shape of [#floats].
  abstract VectorSpecies<Integer> ints();

  /// A constant of the class, of the shape of [#floats].
  abstract VectorSpecies<Short> shorts();

  @Override
  public String name() {
    return "panama-" + floats().vectorBitSize();
  }

  @Override
  public void code(
      float[] vector,
      float[] low,
      int at,
      float step,
      boolean isManhattan,
      int[] words,
      float[] beyond) {
    int lanes = floats().length();
    int bound = floats().loopBound(words.length);
    float inverse = 1 / step;
    float span = ByteLayout.MOST_CODE * step;
    FloatVector sum = FloatVector.zero(floats());
    for (int word = 0; word < bound; word += lanes) {
      IntVector code = IntVector.zero(ints());
      for (int p = 0; p < 4; p++) {
        int i = p * words.length + word;
        FloatVector above =
            FloatVector.fromArray(floats(), vector, i)
                .sub(FloatVector.fromArray(floats(), low, at + i));
        FloatVector inside = above.mul(inverse).max(0f).min(ByteLayout.MOST_CODE);
        FloatVector outside = above.sub(span).max(above.neg()).max(0f);
        sum = sum.add(isManhattan ? outside : outside.mul(outside));
        IntVector whole = (IntVector) inside.add(0.5f).convertShape(VectorOperators.F2I, ints(), 0);
        code = code.or(whole.lanewise(VectorOperators.LSHL, 8 * p));
      }
      code.intoArray(words, word);
    }
    sum.add(FloatVector.fromArray(floats(), beyond, 0)).intoArray(beyond, 0);
    ScalarByteLoops.codeFrom(bound, vector, low, at, step, isManhattan, words, beyond);
  }

  @Override
  public void scan(
      MemorySegment groups,
      long offset,
      int rowCount,
      int[] words,
      ByteTerms terms,
      long @Nullable [] mask,
      int firstRow,
      Candidates candidates) {
    int lanes = ints().length();
    candidates.reserveScan(rowCount, lanes);
    int[] blocks = candidates.blocks();
    int count = RowBlocks.find(rowCount, mask, lanes, blocks);
    if (count == 0) {
      return;
    }
    blocks[count] = blocks[count - 1]; // blocks are summed in pairs
    int[] sums = candidates.differences();
    if (terms.isManhattan()) {
      sumAbsolutes(groups, offset, words, blocks, count, sums);
    } else {
      sumSquares(groups, offset, words, blocks, count, sums);
    }
    keepNear(rowCount, terms, mask, firstRow, count, candidates);
  }

  private void sumSquares(
      MemorySegment groups, long offset, int[] words, int[] blocks, int count, int[] sums) {
    int lanes = ints().length();
    for (int i = 0; i < count; i += 2) {
      long at = ByteLayout.address(offset, blocks[i] * lanes, words.length);
      long otherAt = ByteLayout.address(offset, blocks[i + 1] * lanes, words.length);
      IntVector s = IntVector.zero(ints());
      IntVector t = s;
      for (int word = 0; word < words.length; word += 2) {
        long place = (long) ByteLayout.ROW_OF_WORDS * word;
        ByteVector left = IntVector.broadcast(ints(), words[word]).reinterpretAsBytes();
        ByteVector right = IntVector.broadcast(ints(), words[word + 1]).reinterpretAsBytes();
        s =
            s.add(
                halves(
                    squares(groups, at + place, left)
                        .add(squares(groups, at + place + ByteLayout.ROW_OF_WORDS, right))));
        t =
            t.add(
                halves(
                    squares(groups, otherAt + place, left)
                        .add(squares(groups, otherAt + place + ByteLayout.ROW_OF_WORDS, right))));
      }
      s.intoArray(sums, i * lanes);
      t.intoArray(sums, (i + 1) * lanes);
    }
  }

  private void sumAbsolutes(
      MemorySegment groups, long offset, int[] words, int[] blocks, int count, int[] sums) {
    int lanes = ints().length();
    for (int i = 0; i < count; i += 2) {
      long at = ByteLayout.address(offset, blocks[i] * lanes, words.length);
      long otherAt = ByteLayout.address(offset, blocks[i + 1] * lanes, words.length);
      IntVector s = IntVector.zero(ints());
      IntVector t = s;
      for (int from = 0; from < words.length; from += WORDS_OF_SHORTS) {
        int to = Math.min(words.length, from + WORDS_OF_SHORTS);
        ShortVector s0 = ShortVector.zero(shorts());
        ShortVector t0 = s0;
        for (int word = from; word < to; word += 2) {
          long place = (long) ByteLayout.ROW_OF_WORDS * word;
          ByteVector left = IntVector.broadcast(ints(), words[word]).reinterpretAsBytes();
          ByteVector right = IntVector.broadcast(ints(), words[word + 1]).reinterpretAsBytes();
          s0 =
              s0.add(
                  bytes(
                      absolutes(groups, at + place, left)
                          .add(absolutes(groups, at + place + ByteLayout.ROW_OF_WORDS, right))));
          t0 =
              t0.add(
                  bytes(
                      absolutes(groups, otherAt + place, left)
                          .add(
                              absolutes(
                                  groups, otherAt + place + ByteLayout.ROW_OF_WORDS, right))));
        }
        s = s.add(halves(s0));
        t = t.add(halves(t0));
      }
      s.intoArray(sums, i * lanes);
      t.intoArray(sums, (i + 1) * lanes);
    }
  }

  private ByteVector absolutes(MemorySegment groups, long at, ByteVector query) {
    return IntVector.fromMemorySegment(ints(), groups, at, ORDER)
        .reinterpretAsBytes()
        .sub(query)
        .abs();
  }

  /// Of both bytes of a short the squares, added.
  private ShortVector squares(MemorySegment groups, long at, ByteVector query) {
    ShortVector both = absolutes(groups, at, query).reinterpretAsShorts();
    ShortVector low = both.and((short) 0xff);
    ShortVector high = both.lanewise(VectorOperators.LSHR, 8);
    return low.mul(low).add(high.mul(high));
  }

  /// The bytes of each short, without signs, added.
  private static ShortVector bytes(ByteVector all) {
    ShortVector both = all.reinterpretAsShorts();
    return both.and((short) 0xff).add(both.lanewise(VectorOperators.LSHR, 8));
  }

  /// The shorts of each int, without signs, added.
  private static IntVector halves(ShortVector all) {
    IntVector both = all.reinterpretAsInts();
    return both.and(0xffff).add(both.lanewise(VectorOperators.LSHR, 16));
  }

  private void keepNear(
      int rowCount,
      ByteTerms terms,
      long @Nullable [] mask,
      int firstRow,
      int count,
      Candidates candidates) {
    int lanes = ints().length();
    int[] blocks = candidates.blocks();
    int[] sums = candidates.differences();
    float[] estimates = candidates.estimates();
    float[] bounds = candidates.bounds();
    int[] rows = candidates.rows();
    float limit = terms.limit() - terms.base();
    int found = candidates.count();
    for (int i = 0; i < count; i++) {
      int row = blocks[i] * lanes;
      FloatVector estimate = estimate(sums, i * lanes, terms);
      long near = estimate.compare(VectorOperators.LT, limit).toLong();
      near &= mask == null ? -1L : mask[row >> 6] >>> row & -1L >>> -lanes;
      if (rowCount - row < lanes) {
        near &= (1L << (rowCount - row)) - 1; // what stands beyond the last row is none
      }
      if (near != 0) {
        if (PanamaCodeLoops.compresses(floats())) {
          VectorMask<Float> chosen = VectorMask.fromLong(floats(), near);
          estimate.add(terms.base()).compress(chosen).intoArray(bounds, found);
          places.add(firstRow + row).compress(chosen.cast(ints())).intoArray(rows, found);
          found += Long.bitCount(near);
        } else {
          estimate.intoArray(estimates, 0);
          found =
              ScalarCodeLoops.addNear(
                  near, estimates, 0, terms.base(), firstRow + row, bounds, rows, found);
        }
      }
    }
    candidates.setCount(found);
  }

  private FloatVector estimate(int[] sums, int at, ByteTerms terms) {
    FloatVector sum =
        (FloatVector)
            IntVector.fromArray(ints(), sums, at).convertShape(VectorOperators.I2F, floats(), 0);
    FloatVector shift = FloatVector.broadcast(floats(), -terms.shift());
    if (terms.isManhattan()) {
      return sum.fma(FloatVector.broadcast(floats(), terms.step()), shift).min(ByteTerms.MOST);
    }
    FloatVector root =
        sum.sub(terms.bias())
            .max(0f)
            .lanewise(VectorOperators.SQRT)
            .fma(FloatVector.broadcast(floats(), terms.step()), shift);
    return root.mul(root.abs()).min(ByteTerms.MOST);
  }
}
