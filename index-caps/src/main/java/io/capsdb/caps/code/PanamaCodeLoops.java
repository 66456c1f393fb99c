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
  static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /// The lower half of a word.
  static final long LOWER = 0xffff_ffffL;

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

  /// Whether the lanes of a register are moved together by the processor.
  ///
  /// With AVX2 the compiler of Java 25 moves them by a table, and not always: after code that it
  /// had compiled for other masks, whole registers came out as zeros (BinaryCodesTest after
  /// CostMeasurementTest). Rows that are near are few, and moved one by one there.
  static boolean compresses(VectorSpecies<Float> floats) {
    return floats.length() == MAX_LANES;
  }

  /// A constant of the class, of 2 to 16 lanes.
  abstract VectorSpecies<Float> floats();

  /// A constant of the class, of the shape of [#floats].
  abstract VectorSpecies<Integer> ints();

  /// A constant of the class, of the shape of [#floats].
  abstract VectorSpecies<Long> longs();

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
  public void planes(float[] query, float scale, long[] planes) {
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
        planes[4 * (i >> 6) + p] |= bits << (i & 63);
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

  /// Finds the blocks that hold rows in question, computes the bounds of their rows, and keeps the
  /// near ones: three short loops, because the compiler gives up on one that does all.
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
    int count = RowBlocks.find(rowCount, mask, ints().length(), blocks);
    if (count == 0) {
      return;
    }
    int left = estimate(groups, offset, query, terms, count, candidates);
    keepNear(rowCount, terms, mask, firstRow, left, candidates);
  }

  private long bits(long[] mask, int row) {
    return mask[row >> 6] >>> row & -1L >>> -ints().length();
  }

  /// Writes the bounds of the rows of blocks, without the base. A block has as many rows as there
  /// are lanes; those of block `i` of the candidates' go to `estimates[i * lanes ..]`.
  ///
  /// Blocks without a near row may be left out; then the others move to the front.
  ///
  /// @return number of blocks that are left
  abstract int estimate(
      MemorySegment groups,
      long offset,
      QueryCode query,
      ScanTerms terms,
      int count,
      Candidates candidates);

  private void keepNear(
      int rowCount,
      ScanTerms terms,
      long @Nullable [] mask,
      int firstRow,
      int count,
      Candidates candidates) {
    int lanes = ints().length();
    int[] blocks = candidates.blocks();
    float[] estimates = candidates.estimates();
    float[] bounds = candidates.bounds();
    int[] rows = candidates.rows();
    float limit = terms.limit() - terms.base();
    int found = candidates.count();
    for (int i = 0; i < count; i++) {
      int row = blocks[i] * lanes;
      FloatVector estimate = FloatVector.fromArray(floats(), estimates, i * lanes);
      long near = estimate.compare(VectorOperators.LT, limit).toLong();
      near &= mask == null ? -1L : bits(mask, row);
      if (rowCount - row < lanes) {
        near &= (1L << (rowCount - row)) - 1; // what stands beyond the last row may be damaged
      }
      if (near != 0) {
        if (PanamaCodeLoops.compresses(floats())) {
          VectorMask<Float> chosen = VectorMask.fromLong(floats(), near);
          estimate.add(terms.base()).compress(chosen).intoArray(bounds, found);
          places.add(firstRow + row).compress(chosen.cast(ints())).intoArray(rows, found);
          found += Long.bitCount(near);
        } else {
          found =
              ScalarCodeLoops.addNear(
                  near, estimates, i * lanes, terms.base(), firstRow + row, bounds, rows, found);
        }
      }
    }
    candidates.setCount(found);
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
    if (!compresses(floats())) {
      return ScalarCodeLoops.keep(bounds, rows, count, limit);
    }
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
    if (!compresses(floats())) {
      return ScalarCodeLoops.split(bounds, rows, 0, count, limit, taken, 0);
    }
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
