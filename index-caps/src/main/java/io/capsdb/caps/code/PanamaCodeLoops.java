package io.capsdb.caps.code;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/// The loops on `jdk.incubator.vector`: the lanes of a register are rows, so no lane ever meets
/// another one.
///
/// The species are constants for the compiler as answers of methods of a class for each width
/// ([PanamaCodeWidths]), as long as one such class is loaded.
abstract class PanamaCodeLoops implements CodeLoops {
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /// Most lanes of a species, and so the places that arrays of candidates keep free at their end.
  static final int MAX_LANES = 16;

  private final IntVector places = IntVector.zero(ints()).addIndex(1);
  private final VectorShuffle<Float>[] partners;
  private final FloatVector[] partnerSigns;

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  PanamaCodeLoops() {
    int lanes = floats().length();
    int steps = Integer.numberOfTrailingZeros(lanes);
    this.partners = new VectorShuffle[steps];
    this.partnerSigns = new FloatVector[steps];
    for (int step = 0; step < steps; step++) {
      int half = 1 << step;
      partners[step] = VectorShuffle.fromOp(floats(), lane -> lane ^ half);
      float[] signs = new float[lanes];
      for (int lane = 0; lane < lanes; lane++) {
        signs[lane] = (lane & half) == 0 ? 1 : -1;
      }
      partnerSigns[step] = FloatVector.fromArray(floats(), signs, 0);
    }
  }

  /// A constant of the class, of 2 to 16 lanes.
  abstract VectorSpecies<Float> floats();

  /// A constant of the class, of the shape of [#floats].
  abstract VectorSpecies<Integer> ints();

  @Override
  public String name() {
    return "panama-" + floats().vectorBitSize();
  }

  @Override
  public void multiply(float[] vector, float[] factors) {
    int bound = floats().loopBound(vector.length);
    for (int i = 0; i < bound; i += floats().length()) {
      FloatVector.fromArray(floats(), vector, i)
          .mul(FloatVector.fromArray(floats(), factors, i))
          .intoArray(vector, i);
    }
    for (int i = bound; i < vector.length; i++) {
      vector[i] *= factors[i];
    }
  }

  @Override
  public void scale(float[] vector, int from, int count, float factor) {
    int bound = from + floats().loopBound(count);
    for (int i = from; i < bound; i += floats().length()) {
      FloatVector.fromArray(floats(), vector, i).mul(factor).intoArray(vector, i);
    }
    for (int i = bound; i < from + count; i++) {
      vector[i] *= factor;
    }
  }

  @Override
  public void hadamard(float[] vector, int from, int size) {
    int lanes = floats().length();
    if (size < lanes) {
      ScalarCodeLoops.hadamard(vector, from, size, 1);
      return;
    }
    for (int i = from; i < from + size; i += lanes) {
      FloatVector v = FloatVector.fromArray(floats(), vector, i);
      for (int step = 0; step < partners.length; step++) {
        v = v.mul(partnerSigns[step]).add(v.rearrange(partners[step]));
      }
      v.intoArray(vector, i);
    }
    for (int half = lanes; half < size; half <<= 1) {
      for (int block = from; block < from + size; block += 2 * half) {
        for (int i = block; i < block + half; i += lanes) {
          FloatVector a = FloatVector.fromArray(floats(), vector, i);
          FloatVector b = FloatVector.fromArray(floats(), vector, i + half);
          a.add(b).intoArray(vector, i);
          a.sub(b).intoArray(vector, i + half);
        }
      }
    }
  }

  @Override
  public void planes(float[] query, float scale, int[] planes) {
    int lanes = ints().length();
    int bound = ints().loopBound(query.length);
    for (int i = 0; i < bound; i += lanes) {
      IntVector u =
          (IntVector)
              FloatVector.fromArray(floats(), query, i)
                  .fma(FloatVector.broadcast(floats(), scale), FloatVector.broadcast(floats(), 8f))
                  .max(0f)
                  .min(15f)
                  .convertShape(VectorOperators.F2I, ints(), 0);
      for (int p = 0; p < 4; p++) {
        long bits = u.and(1 << p).compare(VectorOperators.NE, 0).toLong();
        planes[4 * (i >> 5) + p] |= (int) (bits << (i & 31));
      }
    }
    for (int i = bound; i < query.length; i++) {
      ScalarCodeLoops.addToPlanes(query, i, scale, planes);
    }
  }

  @Override
  public float maxAbs(float[] vector) {
    int bound = floats().loopBound(vector.length);
    FloatVector most = FloatVector.zero(floats());
    for (int i = 0; i < bound; i += floats().length()) {
      most = most.max(FloatVector.fromArray(floats(), vector, i).abs());
    }
    float max = most.reduceLanes(VectorOperators.MAX);
    for (int i = bound; i < vector.length; i++) {
      max = Math.max(max, Math.abs(vector[i]));
    }
    return max;
  }

  /// Finds the blocks that hold rows in question, counts the bits in which these differ from the
  /// query, and keeps those that are near: three short loops, because the compiler gives up on one
  /// that does all.
  @Override
  public void scan(
      MemorySegment groups,
      long offset,
      int rowCount,
      QueryCode query,
      ScanTerms terms,
      long @Nullable [] mask,
      int firstRow,
      Candidates candidates) {
    candidates.reserveScan(rowCount, ints().length());
    int[] blocks = candidates.blocks();
    int count = blocks(rowCount, mask, blocks);
    if (count == 0) {
      return;
    }
    blocks[count] = blocks[count - 1]; // blocks are counted in pairs
    int[] differences = candidates.differences();
    countDifferences(groups, offset, query, blocks, count, differences);
    keepNear(groups, offset, rowCount, query, terms, mask, firstRow, count, candidates);
  }

  /// As many rows as there are lanes are a block; answers how many of them hold a row in question.
  private int blocks(int rowCount, long @Nullable [] mask, int[] blocks) {
    int lanes = ints().length();
    int all = (rowCount + lanes - 1) / lanes;
    if (mask == null) {
      for (int block = 0; block < all; block++) {
        blocks[block] = block;
      }
      return all;
    }
    int count = 0;
    int perWord = Long.SIZE / lanes;
    for (int word = 0; word * perWord < all; word++) {
      long bits = mask[word];
      for (int block = word * perWord; bits != 0; block++) {
        if ((bits & -1L >>> -lanes) != 0) {
          blocks[count++] = block;
        }
        bits >>>= lanes;
      }
    }
    return count;
  }

  private long bits(long[] mask, int row) {
    return mask[row >> 6] >>> row & -1L >>> -ints().length();
  }

  /// Two blocks at a time: each word of the query is loaded once for both, and neither waits for
  /// the other.
  private void countDifferences(
      MemorySegment groups,
      long offset,
      QueryCode query,
      int[] blocks,
      int count,
      int[] differences) {
    int lanes = ints().length();
    int[] planes = query.lanes();
    int words = CodeLayout.words(query.dimension());
    for (int i = 0; i < count; i += 2) {
      long at = CodeLayout.address(offset, blocks[i] * lanes, query.dimension());
      long otherAt = CodeLayout.address(offset, blocks[i + 1] * lanes, query.dimension());
      IntVector s0 = IntVector.zero(ints());
      IntVector s1 = s0;
      IntVector s2 = s0;
      IntVector s3 = s0;
      IntVector t0 = s0;
      IntVector t1 = s0;
      IntVector t2 = s0;
      IntVector t3 = s0;
      for (int word = 0; word < words; word++) {
        long place = (long) CodeLayout.ROW_OF_WORDS * word;
        IntVector code = IntVector.fromMemorySegment(ints(), groups, at + place, ORDER);
        IntVector other = IntVector.fromMemorySegment(ints(), groups, otherAt + place, ORDER);
        int from = 4 * CodeLayout.GROUP * word;
        IntVector plane = IntVector.fromArray(ints(), planes, from);
        s0 = s0.add(differing(code, plane));
        t0 = t0.add(differing(other, plane));
        plane = IntVector.fromArray(ints(), planes, from + CodeLayout.GROUP);
        s1 = s1.add(differing(code, plane));
        t1 = t1.add(differing(other, plane));
        plane = IntVector.fromArray(ints(), planes, from + 2 * CodeLayout.GROUP);
        s2 = s2.add(differing(code, plane));
        t2 = t2.add(differing(other, plane));
        plane = IntVector.fromArray(ints(), planes, from + 3 * CodeLayout.GROUP);
        s3 = s3.add(differing(code, plane));
        t3 = t3.add(differing(other, plane));
      }
      weighted(s0, s1, s2, s3).intoArray(differences, i * lanes);
      weighted(t0, t1, t2, t3).intoArray(differences, (i + 1) * lanes);
    }
  }

  private static IntVector weighted(IntVector s0, IntVector s1, IntVector s2, IntVector s3) {
    IntVector low = s1.add(s1).add(s0);
    IntVector high = s3.add(s3).add(s2);
    return high.lanewise(VectorOperators.LSHL, 2).add(low);
  }

  private void keepNear(
      MemorySegment groups,
      long offset,
      int rowCount,
      QueryCode query,
      ScanTerms terms,
      long @Nullable [] mask,
      int firstRow,
      int count,
      Candidates candidates) {
    int lanes = ints().length();
    int[] blocks = candidates.blocks();
    int[] differences = candidates.differences();
    float[] bounds = candidates.bounds();
    int[] rows = candidates.rows();
    long corrections = (long) CodeLayout.ROW_OF_WORDS * CodeLayout.words(query.dimension());
    FloatVector slope = FloatVector.broadcast(floats(), terms.slope());
    FloatVector shift = FloatVector.broadcast(floats(), -terms.shift());
    float limit = terms.limit() - terms.base();
    int found = candidates.count();
    for (int i = 0; i < count; i++) {
      int row = blocks[i] * lanes;
      long at = CodeLayout.address(offset, row, query.dimension()) + corrections;
      FloatVector estimate =
          ((FloatVector)
                  IntVector.fromArray(ints(), differences, i * lanes)
                      .convertShape(VectorOperators.I2F, floats(), 0))
              .fma(slope, shift)
              .fma(
                  FloatVector.fromMemorySegment(floats(), groups, at, ORDER),
                  FloatVector.fromMemorySegment(
                      floats(), groups, at + CodeLayout.ROW_OF_WORDS, ORDER));
      long near = estimate.compare(VectorOperators.LT, limit).toLong();
      near &= mask == null ? -1L : bits(mask, row);
      if (rowCount - row < lanes) {
        near &= (1L << (rowCount - row)) - 1; // what stands beyond the last row may be damaged
      }
      if (near != 0) {
        VectorMask<Float> chosen = VectorMask.fromLong(floats(), near);
        estimate.add(terms.base()).compress(chosen).intoArray(bounds, found);
        places.add(firstRow + row).compress(chosen.cast(ints())).intoArray(rows, found);
        found += Long.bitCount(near);
      }
    }
    candidates.setCount(found);
  }

  private static IntVector differing(IntVector code, IntVector plane) {
    return code.lanewise(VectorOperators.XOR, plane).lanewise(VectorOperators.BIT_COUNT);
  }

  @Override
  public void scoreRecords(
      MemorySegment records,
      int lines,
      int[] planes,
      int[] codeLanes,
      float slope,
      float[] terms,
      int[] ordinals,
      int from,
      int count,
      float[] bounds,
      int at) {
    int lanes = ints().length();
    for (int i = 0; i < count; i++) {
      long record = (long) ordinals[from + i] * lines * CodeRecords.LINE_BYTES;
      IntVector sum = IntVector.zero(ints());
      for (int line = 0; line < lines; line++) {
        for (int lane = 0; lane < CodeRecords.LINE; lane += lanes) {
          int place = CodeRecords.LINE * line + lane;
          int plane = 4 * CodeRecords.LINE * line + lane;
          IntVector code =
              IntVector.fromMemorySegment(ints(), records, record + 4L * place, ORDER)
                  .and(IntVector.fromArray(ints(), codeLanes, place));
          IntVector s0 = differing(code, planes, plane);
          IntVector s1 = differing(code, planes, plane + CodeRecords.LINE);
          IntVector s2 = differing(code, planes, plane + 2 * CodeRecords.LINE);
          IntVector s3 = differing(code, planes, plane + 3 * CodeRecords.LINE);
          IntVector low = s1.add(s1).add(s0);
          IntVector high = s3.add(s3).add(s2);
          sum = sum.add(high.lanewise(VectorOperators.LSHL, 2)).add(low);
        }
      }
      bounds[at + i] =
          ScalarCodeLoops.boundOf(
              records, record, lines, sum.reduceLanes(VectorOperators.ADD), slope, terms);
    }
  }

  private IntVector differing(IntVector code, int[] planes, int at) {
    return code.lanewise(VectorOperators.XOR, IntVector.fromArray(ints(), planes, at))
        .lanewise(VectorOperators.BIT_COUNT);
  }

  @Override
  public void extent(float[] values, int count, float[] extent) {
    int bound = floats().loopBound(count);
    FloatVector least = FloatVector.broadcast(floats(), Float.POSITIVE_INFINITY);
    FloatVector largest = FloatVector.broadcast(floats(), Float.NEGATIVE_INFINITY);
    for (int i = 0; i < bound; i += floats().length()) {
      FloatVector own = FloatVector.fromArray(floats(), values, i);
      least = least.blend(own, own.compare(VectorOperators.LT, least));
      largest = largest.blend(own, own.compare(VectorOperators.GT, largest));
    }
    extent[0] = least.reduceLanes(VectorOperators.MIN);
    extent[1] = largest.reduceLanes(VectorOperators.MAX);
    ScalarCodeLoops.extend(values, bound, count, extent);
  }

  @Override
  public int countBelow(float[] values, int count, float limit) {
    int bound = floats().loopBound(count);
    IntVector below = IntVector.zero(ints());
    for (int i = 0; i < bound; i += floats().length()) {
      VectorMask<Float> isBelow =
          FloatVector.fromArray(floats(), values, i).compare(VectorOperators.LT, limit);
      below = below.add(1, isBelow.cast(ints()));
    }
    int total = below.reduceLanes(VectorOperators.ADD);
    for (int i = bound; i < count; i++) {
      total += values[i] < limit ? 1 : 0;
    }
    return total;
  }

  @Override
  public int keepBelow(float[] bounds, int[] rows, int count, float limit) {
    int bound = floats().loopBound(count);
    int kept = 0;
    for (int i = 0; i < bound; i += floats().length()) {
      FloatVector values = FloatVector.fromArray(floats(), bounds, i);
      VectorMask<Float> isKept = values.compare(VectorOperators.LT, limit);
      IntVector ids = IntVector.fromArray(ints(), rows, i);
      values.compress(isKept).intoArray(bounds, kept);
      ids.compress(isKept.cast(ints())).intoArray(rows, kept);
      kept += isKept.trueCount();
    }
    for (int i = bound; i < count; i++) {
      if (bounds[i] < limit) {
        bounds[kept] = bounds[i];
        rows[kept++] = rows[i];
      }
    }
    return kept;
  }

  @Override
  public int split(float[] bounds, int[] rows, int count, float limit, int[] taken) {
    int bound = floats().loopBound(count);
    int below = 0;
    int left = 0;
    for (int i = 0; i < bound; i += floats().length()) {
      FloatVector values = FloatVector.fromArray(floats(), bounds, i);
      VectorMask<Float> isTaken = values.compare(VectorOperators.LT, limit);
      IntVector ids = IntVector.fromArray(ints(), rows, i);
      ids.compress(isTaken.cast(ints())).intoArray(taken, below);
      VectorMask<Float> isLeft = isTaken.not();
      values.compress(isLeft).intoArray(bounds, left);
      ids.compress(isLeft.cast(ints())).intoArray(rows, left);
      int own = isTaken.trueCount();
      below += own;
      left += floats().length() - own;
    }
    return ScalarCodeLoops.split(bounds, rows, bound, count, limit, taken, below);
  }
}
