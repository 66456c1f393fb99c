package io.capsdb.attribute;

import java.util.Arrays;

/// The values of one type at one path as small numbers by ordinal, where no row has two of them:
/// larger values have larger codes, 0 stands for none.
///
/// Immutable and safe for use by many threads.
sealed interface Column {
  /// Entries beyond the last row, so that a register may be read from any row on.
  int PADDING = 64;

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
  }
}
