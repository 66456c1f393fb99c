package io.capsdb.caps.code;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// The plain loops.
final class ScalarCodeLoops implements CodeLoops {
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final boolean isInPairs;

  ScalarCodeLoops() {
    this(false);
  }

  /// @param isInPairs whether a scan passes over rows by the high planes first, as that of
  ///     [PanamaPairCounts] does
  ScalarCodeLoops(boolean isInPairs) {
    this.isInPairs = isInPairs;
  }

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public void multiply(float[] vector, float[] factors) {
    for (int i = 0; i < vector.length; i++) {
      vector[i] *= factors[i];
    }
  }

  @Override
  public void scale(float[] vector, int from, int count, float factor) {
    for (int i = from; i < from + count; i++) {
      vector[i] *= factor;
    }
  }

  @Override
  public void hadamard(float[] vector, int from, int size) {
    hadamard(vector, from, size, 1);
  }

  /// The steps of the transform from stride `first` on.
  static void hadamard(float[] vector, int from, int size, int first) {
    for (int half = first; half < size; half <<= 1) {
      for (int block = from; block < from + size; block += 2 * half) {
        for (int i = block; i < block + half; i++) {
          float a = vector[i];
          float b = vector[i + half];
          vector[i] = a + b;
          vector[i + half] = a - b;
        }
      }
    }
  }

  @Override
  public void planes(float[] query, float scale, long[] planes) {
    for (int i = 0; i < query.length; i++) {
      addToPlanes(query, i, scale, planes);
    }
  }

  static void addToPlanes(float[] query, int i, float scale, long[] planes) {
    int u = (int) Math.clamp(Math.fma(query[i], scale, 8f), 0f, 15f);
    for (int p = 0; p < 4; p++) {
      planes[4 * (i >> 6) + p] |= (u >> p & 1L) << (i & 63);
    }
  }

  @Override
  public float maxAbs(float[] vector) {
    float max = 0;
    for (float value : vector) {
      max = Math.max(max, Math.abs(value));
    }
    return max;
  }

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
    candidates.reserve(rowCount);
    float limit = terms.limit() - terms.base();
    for (int row = 0; row < rowCount; row++) {
      boolean isChosen = mask == null || (mask[row >> 6] >>> row & 1) != 0;
      if (isChosen && mayBeNear(groups, offset, row, query, terms, limit)) {
        float bound = bound(groups, offset, row, query.planes(), 0, terms.slope(), terms.shift());
        if (bound < limit) {
          candidates.add(firstRow + row, bound + terms.base());
        }
      }
    }
  }

  private boolean mayBeNear(
      MemorySegment groups, long offset, int row, QueryCode query, ScanTerms terms, float limit) {
    return !isInPairs
        || bound(groups, offset, row, query.planes(), 2, terms.slope(), terms.highShift()) < limit;
  }

  /// Adds the rows of a block that are near: row `i` where bit `i` is set.
  ///
  /// @param at place of the block's first row among the estimates
  /// @return the number of entries then
  static int addNear(
      long near,
      float[] estimates,
      int at,
      float base,
      int firstRow,
      float[] bounds,
      int[] rows,
      int count) {
    int found = count;
    for (long left = near; left != 0; left &= left - 1) {
      int row = Long.numberOfTrailingZeros(left);
      bounds[found] = estimates[at + row] + base;
      rows[found++] = firstRow + row;
    }
    return found;
  }

  /// The bound of a row without the base, by the planes from `firstPlane` on.
  static float bound(
      MemorySegment groups,
      long offset,
      int row,
      long[] planes,
      int firstPlane,
      float slope,
      float shift) {
    int words = planes.length / 4;
    long at = CodeLayout.address(offset, row, Long.SIZE * words);
    int difference = 0;
    for (int word = 0; word < words; word++) {
      long code = Corrections.word(groups, at, word);
      for (int p = firstPlane; p < 4; p++) {
        difference += Long.bitCount(code ^ planes[4 * word + p]) << p;
      }
    }
    float f = Corrections.f(groups, at, words);
    float g = Corrections.g(groups, at, words);
    return Math.fma(Math.fma(difference, slope, -shift), f, g);
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
    for (int i = 0; i < count; i++) {
      long record = (long) ordinals[from + i] * lines * CodeRecords.LINE_BYTES;
      int difference = 0;
      for (int place = 0; place < lines * CodeRecords.LINE; place++) {
        int code = records.get(INT, record + 4L * place) & codeLanes[place];
        int line = place / CodeRecords.LINE;
        int lane = place % CodeRecords.LINE;
        for (int p = 0; p < 4; p++) {
          difference +=
              Integer.bitCount(code ^ planes[(4 * line + p) * CodeRecords.LINE + lane]) << p;
        }
      }
      bounds[at + i] = boundOf(records, record, lines, difference, slope, terms);
    }
  }

  static float boundOf(
      MemorySegment records, long record, int lines, int difference, float slope, float[] terms) {
    long end = record + (long) lines * CodeRecords.LINE_BYTES;
    float f = records.get(FLOAT, end - 12);
    float g = records.get(FLOAT, end - 8);
    int partition = records.get(INT, end - 4);
    float shift = terms[2 * partition];
    float base = terms[2 * partition + 1];
    return Math.fma(Math.fma(difference, slope, -shift), f, g) + base;
  }

  @Override
  public void extent(float[] values, int count, float[] extent) {
    extent[0] = Float.POSITIVE_INFINITY;
    extent[1] = Float.NEGATIVE_INFINITY;
    extend(values, 0, count, extent);
  }

  /// Widens an extent by the values `from .. count - 1`.
  static void extend(float[] values, int from, int count, float[] extent) {
    for (int i = from; i < count; i++) {
      // Not Math.min and Math.max, which answer what is no number.
      extent[0] = values[i] < extent[0] ? values[i] : extent[0];
      extent[1] = values[i] > extent[1] ? values[i] : extent[1];
    }
  }

  @Override
  public int countBelow(float[] values, int count, float limit) {
    int below = 0;
    for (int i = 0; i < count; i++) {
      below += values[i] < limit ? 1 : 0;
    }
    return below;
  }

  @Override
  public int keepBelow(float[] bounds, int[] rows, int count, float limit) {
    return keep(bounds, rows, count, limit);
  }

  static int keep(float[] bounds, int[] rows, int count, float limit) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (bounds[i] < limit) {
        bounds[kept] = bounds[i];
        rows[kept++] = rows[i];
      }
    }
    return kept;
  }

  @Override
  public int split(float[] bounds, int[] rows, int count, float limit, int[] taken) {
    return split(bounds, rows, 0, count, limit, taken, 0);
  }

  /// Goes on with a split of which `from` entries are done and `taken` of them were taken.
  static int split(
      float[] bounds, int[] rows, int from, int count, float limit, int[] taken, int already) {
    int below = already;
    int left = from - already;
    for (int i = from; i < count; i++) {
      if (bounds[i] < limit) {
        taken[below++] = rows[i];
      } else {
        bounds[left] = bounds[i];
        rows[left++] = rows[i];
      }
    }
    return below;
  }
}
