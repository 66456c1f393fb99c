package io.capsdb.attribute;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.FastAggregation;
import org.roaringbitmap.RoaringBitmap;

/// For each code the ordinals that hold it.
///
/// A bitmap object costs some hundred bytes before it holds anything, so only codes of at least
/// [#BITMAP_FROM] ordinals have one. The ordinals of the others are packed, all in one array: each
/// as the gap to the one before, in groups of seven bits, lowest first, with the high bit set where
/// another group follows. Unpacking takes about a nanosecond an ordinal.
///
/// Immutable and safe for use by many threads.
final class Postings {
  /// Above it the cost of the bitmap object is below a tenth of what it holds.
  static final int BITMAP_FROM = 1_024;

  private final int[] countBefore;
  private final int[] packedStart;
  private final byte[] packed;
  private final @Nullable RoaringBitmap[] bitmaps;

  /// The last ordinal of each packed code: unpacking tells it slowly.
  private final int[] last;

  private Postings(
      int[] countBefore,
      int[] packedStart,
      byte[] packed,
      @Nullable RoaringBitmap[] bitmaps,
      int[] last) {
    this.last = last;
    this.countBefore = countBefore;
    this.packedStart = packedStart;
    this.packed = packed;
    this.bitmaps = bitmaps;
  }

  int codeCount() {
    return bitmaps.length;
  }

  /// Pairs of a code of `low .. high - 1` and an ordinal.
  int count(int low, int high) {
    return countBefore[high] - countBefore[low];
  }

  /// Not to be changed.
  RoaringBitmap ordinals(int code) {
    RoaringBitmap bitmap = bitmaps[code];
    return bitmap != null ? bitmap : RoaringBitmap.bitmapOf(list(code));
  }

  /// Ascending.
  int[] list(int code) {
    RoaringBitmap bitmap = bitmaps[code];
    return bitmap != null ? bitmap.toArray() : unpack(code);
  }

  /// The ordinals of `low .. high - 1`, ascending.
  int[] list(int low, int high) {
    if (high - low == 1) {
      return list(low);
    }
    return union(low, high).toArray();
  }

  /// The ordinals of `low .. high - 1`.
  RoaringBitmap union(int low, int high) {
    RoaringBitmap[] parts = new RoaringBitmap[high - low];
    for (int code = low; code < high; code++) {
      parts[code - low] = ordinals(code);
    }
    return FastAggregation.or(parts);
  }

  /// Where the ordinals of `low .. high - 1` lie.
  OrdinalRange extent(int low, int high) {
    OrdinalRange extent = OrdinalRange.NONE;
    for (int code = low; code < high; code++) {
      RoaringBitmap bitmap = bitmaps[code];
      if (bitmap != null) {
        extent = extent.or(OrdinalRange.of(bitmap));
      } else if (count(code, code + 1) > 0) {
        extent = extent.or(new OrdinalRange(first(code), last[code] + 1));
      }
    }
    return extent;
  }

  private int first(int code) {
    int at = packedStart[code];
    int first = 0;
    int shift = 0;
    byte group;
    do {
      group = packed[at++];
      first |= (group & 0x7f) << shift;
      shift += 7;
    } while (group < 0);
    return first;
  }

  private int[] unpack(int code) {
    int[] ordinals = new int[count(code, code + 1)];
    int at = packedStart[code];
    int ordinal = -1;
    for (int i = 0; i < ordinals.length; i++) {
      int gap = 0;
      int shift = 0;
      byte group;
      do {
        group = packed[at++];
        gap |= (group & 0x7f) << shift;
        shift += 7;
      } while (group < 0);
      ordinal += gap + 1;
      ordinals[i] = ordinal;
    }
    return ordinals;
  }

  Postings reorder(Reordering reordering) {
    Packer packer = new Packer(codeCount());
    for (int code = 0; code < codeCount(); code++) {
      RoaringBitmap bitmap = bitmaps[code];
      if (bitmap != null) {
        packer.add(reordering.apply(bitmap));
      } else {
        int[] moved = unpack(code);
        Arrays.setAll(moved, i -> reordering.apply(moved[i]));
        Arrays.sort(moved);
        packer.add(moved);
      }
    }
    return packer.pack();
  }

  /// Bytes in memory.
  long bytes() {
    long sum = 4L * countBefore.length + 4L * packedStart.length + packed.length + 4L * last.length;
    for (RoaringBitmap bitmap : bitmaps) {
      sum += 4 + (bitmap == null ? 0 : Bitmaps.bytes(bitmap));
    }
    return sum + 100;
  }

  void write(CheckedWriter out) {
    int[] counts = new int[codeCount()];
    Arrays.setAll(counts, code -> count(code, code + 1));
    out.writeInts(counts);
    out.writeBytes(packed);
    for (RoaringBitmap bitmap : bitmaps) {
      if (bitmap != null) {
        Bitmaps.write(out, bitmap);
      }
    }
  }

  /// @param size all ordinals must be below it
  static Postings read(CheckedReader in, int codeCount, int size) {
    int[] counts = in.readInts();
    if (counts.length != codeCount) {
      throw in.corrupt(counts.length + " postings of " + codeCount + " values");
    }
    byte[] packed = in.readBytes();
    int[] packedStart = new int[codeCount + 1];
    int[] countBefore = new int[codeCount + 1];
    @Nullable RoaringBitmap[] bitmaps = new RoaringBitmap[codeCount];
    int[] last = new int[codeCount];
    int at = 0;
    for (int code = 0; code < codeCount; code++) {
      int count = counts[code];
      if (count < 0 || count > size || countBefore[code] > Integer.MAX_VALUE - count) {
        throw in.corrupt("a value of " + count + " of " + size + " rows");
      }
      countBefore[code + 1] = countBefore[code] + count;
      if (count >= BITMAP_FROM) {
        RoaringBitmap bitmap = Bitmaps.read(in, size);
        bitmaps[code] = bitmap;
        if (bitmap.getCardinality() != count) {
          throw in.corrupt("a bitmap that has not " + count + " rows");
        }
      } else {
        at = check(in, packed, at, count, size, code, last);
      }
      packedStart[code + 1] = at;
    }
    if (at != packed.length) {
      throw in.corrupt("packed rows of no value");
    }
    return new Postings(countBefore, packedStart, packed, bitmaps, last);
  }

  /// Checks the packed ordinals of one code; answers where they end.
  ///
  /// @param last takes the last ordinal of the code
  private static int check(
      CheckedReader in, byte[] packed, int from, int count, int size, int code, int[] last) {
    int at = from;
    long ordinal = -1;
    for (int i = 0; i < count; i++) {
      long gap = 0;
      int shift = 0;
      boolean isMore = true;
      while (isMore) {
        if (at == packed.length || shift > 28) {
          throw in.corrupt("packed rows that do not end");
        }
        gap |= (long) (packed[at] & 0x7f) << shift;
        shift += 7;
        isMore = packed[at++] < 0;
      }
      ordinal += gap + 1;
      if (ordinal >= size) {
        throw in.corrupt("ordinal " + ordinal + " of " + size);
      }
    }
    last[code] = (int) ordinal;
    return at;
  }

  /// Takes the ordinals of one code after the other.
  static final class Packer {
    private final int[] countBefore;
    private final int[] packedStart;
    private final @Nullable RoaringBitmap[] bitmaps;
    private byte[] packed = new byte[64];
    private int packedCount;
    private int code;
    private final int[] lastOf;

    Packer(int codeCount) {
      this.countBefore = new int[codeCount + 1];
      this.lastOf = new int[codeCount];
      this.packedStart = new int[codeCount + 1];
      this.bitmaps = new RoaringBitmap[codeCount];
    }

    void add(RoaringBitmap ordinals) {
      int count = ordinals.getCardinality();
      if (count < BITMAP_FROM) {
        add(ordinals.toArray());
      } else {
        ordinals.runOptimize();
        ordinals.trim();
        bitmaps[code] = ordinals;
        next(count);
      }
    }

    /// @param ordinals ascending
    void add(int[] ordinals) {
      if (ordinals.length >= BITMAP_FROM) {
        add(RoaringBitmap.bitmapOf(ordinals));
        return;
      }
      if (packedCount + 5 * ordinals.length > packed.length) {
        packed = Arrays.copyOf(packed, packedCount + packedCount / 2 + 5 * ordinals.length);
      }
      int last = -1;
      for (int ordinal : ordinals) {
        int gap = ordinal - last - 1;
        while (gap > 0x7f) {
          packed[packedCount++] = (byte) (gap | 0x80);
          gap >>>= 7;
        }
        packed[packedCount++] = (byte) gap;
        last = ordinal;
      }
      lastOf[code] = last;
      next(ordinals.length);
    }

    private void next(int count) {
      countBefore[code + 1] = Math.addExact(countBefore[code], count);
      packedStart[code + 1] = packedCount;
      code++;
    }

    Postings pack() {
      return new Postings(
          countBefore, packedStart, Arrays.copyOf(packed, packedCount), bitmaps, lastOf);
    }
  }
}
