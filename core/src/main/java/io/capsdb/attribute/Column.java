package io.capsdb.attribute;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The values of one type at one path as small numbers by ordinal, where no row has two of them:
/// larger values have larger codes, 0 stands for none.
///
/// Immutable and safe for use by many threads.
sealed interface Column {
  /// Entries beyond the last row, so that a register may be read from any row on.
  int PADDING = 64;

  /// A field that fewer than one row in so many has gets no column.
  int SPARSE = 16;

  /// Loops that this JVM can run.
  ColumnLoops LOOPS =
      ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
          ? PanamaColumnWidths.preferred()
          : new ScalarColumnLoops();

  /// The code of a row.
  int code(int ordinal);

  /// Tells which rows have a code in `low .. high`; see [ColumnLoops].
  void between(int low, int high, int from, int to, long[] mask);

  /// The codes of some rows as a column.
  Column of(int[] ordinals);

  /// Writes the codes of the rows.
  ///
  /// @param size number of rows
  void write(CheckedWriter out, int size);

  /// Whether so many rows have a value that a column, which has a place for every row, costs little
  /// more than a list of them.
  static boolean isWorthwhile(int filled, int size) {
    return SPARSE * (long) filled >= size;
  }

  /// Bytes in memory of a column and of its sample.
  ///
  /// @param most largest code
  static long bytes(int size, int most) {
    long places = size + (long) Sample.mostOf(size) + 2 * PADDING;
    return width(most) * places + 64;
  }

  private static int width(int most) {
    return most <= 0xff ? 1 : most <= 0xffff ? 2 : 4;
  }

  /// Reads what [#write] wrote.
  ///
  /// @param most no code may be above it
  static Column read(CheckedReader in, int size, int most) {
    byte[] bytes = in.readBytes();
    int width = width(most);
    if (bytes.length != (long) width * size) {
      throw in.corrupt("a column of " + bytes.length + " bytes for " + size + " rows");
    }
    ByteBuffer codes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int[] wide = new int[size];
    for (int i = 0; i < size; i++) {
      wide[i] =
          switch (width) {
            case 1 -> Byte.toUnsignedInt(codes.get(i));
            case 2 -> Short.toUnsignedInt(codes.getShort(2 * i));
            default -> codes.getInt(4 * i);
          };
      if (wide[i] < 0 || wide[i] > most) {
        throw in.corrupt("code " + wide[i] + " of " + most);
      }
    }
    return of(wide, most);
  }

  /// A column in the narrowest form.
  ///
  /// @param codes by ordinal, 0 to `most`
  static Column of(int[] codes, int most) {
    if (most <= 0xff) {
      byte[] narrow = new byte[codes.length + PADDING];
      for (int i = 0; i < codes.length; i++) {
        narrow[i] = (byte) codes[i];
      }
      return new Bytes(narrow);
    }
    if (most <= 0xffff) {
      short[] narrow = new short[codes.length + PADDING];
      for (int i = 0; i < codes.length; i++) {
        narrow[i] = (short) codes[i];
      }
      return new Shorts(narrow);
    }
    return new Ints(Arrays.copyOf(codes, codes.length + PADDING));
  }

  /// Up to 255 values.
  @SuppressWarnings("ArrayRecordComponent") // made once, never handed out
  record Bytes(byte[] codes) implements Column {
    @Override
    public int code(int ordinal) {
      return Byte.toUnsignedInt(codes[ordinal]);
    }

    @Override
    public void between(int low, int high, int from, int to, long[] mask) {
      LOOPS.between(codes, low, high, from, to - from, mask);
    }

    @Override
    public Column of(int[] ordinals) {
      byte[] some = new byte[ordinals.length + PADDING];
      for (int i = 0; i < ordinals.length; i++) {
        some[i] = codes[ordinals[i]];
      }
      return new Bytes(some);
    }

    @Override
    public void write(CheckedWriter out, int size) {
      out.writeBytes(Arrays.copyOf(codes, size));
    }
  }

  /// Up to 65,535 values.
  @SuppressWarnings("ArrayRecordComponent") // made once, never handed out
  record Shorts(short[] codes) implements Column {
    @Override
    public int code(int ordinal) {
      return Short.toUnsignedInt(codes[ordinal]);
    }

    @Override
    public void between(int low, int high, int from, int to, long[] mask) {
      LOOPS.between(codes, low, high, from, to - from, mask);
    }

    @Override
    public Column of(int[] ordinals) {
      short[] some = new short[ordinals.length + PADDING];
      for (int i = 0; i < ordinals.length; i++) {
        some[i] = codes[ordinals[i]];
      }
      return new Shorts(some);
    }

    @Override
    public void write(CheckedWriter out, int size) {
      ByteBuffer bytes = ByteBuffer.allocate(2 * size).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asShortBuffer().put(codes, 0, size);
      out.writeBytes(bytes.array());
    }
  }

  /// More values.
  @SuppressWarnings("ArrayRecordComponent") // made once, never handed out
  record Ints(int[] codes) implements Column {
    @Override
    public int code(int ordinal) {
      return codes[ordinal];
    }

    @Override
    public void between(int low, int high, int from, int to, long[] mask) {
      LOOPS.between(codes, low, high, from, to - from, mask);
    }

    @Override
    public Column of(int[] ordinals) {
      int[] some = new int[ordinals.length + PADDING];
      for (int i = 0; i < ordinals.length; i++) {
        some[i] = codes[ordinals[i]];
      }
      return new Ints(some);
    }

    @Override
    public void write(CheckedWriter out, int size) {
      ByteBuffer bytes = ByteBuffer.allocate(4 * size).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asIntBuffer().put(codes, 0, size);
      out.writeBytes(bytes.array());
    }
  }
}
