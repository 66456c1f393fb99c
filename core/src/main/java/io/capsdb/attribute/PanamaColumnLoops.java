package io.capsdb.attribute;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The loops on `jdk.incubator.vector`: an interval is one subtraction and one unsigned compare.
///
/// The species are constants for the compiler as answers of methods of a class for each width
/// ([PanamaColumnWidths]), as long as one such class is loaded.
abstract class PanamaColumnLoops implements ColumnLoops {
  abstract VectorSpecies<Byte> bytes();

  abstract VectorSpecies<Short> shorts();

  abstract VectorSpecies<Integer> ints();

  @Override
  public void between(byte[] codes, int low, int high, int from, int count, long[] mask) {
    int lanes = bytes().length();
    for (int word = 0; word << 6 < count; word++) {
      long bits = 0;
      int base = from + (word << 6);
      for (int i = 0; i < 64; i += lanes) {
        bits |=
            ByteVector.fromArray(bytes(), codes, base + i)
                    .sub((byte) low)
                    .compare(VectorOperators.ULE, (byte) (high - low))
                    .toLong()
                << i;
      }
      mask[word] = bits;
    }
    cut(mask, count);
  }

  @Override
  public void between(short[] codes, int low, int high, int from, int count, long[] mask) {
    int lanes = shorts().length();
    for (int word = 0; word << 6 < count; word++) {
      long bits = 0;
      int base = from + (word << 6);
      for (int i = 0; i < 64; i += lanes) {
        bits |=
            ShortVector.fromArray(shorts(), codes, base + i)
                    .sub((short) low)
                    .compare(VectorOperators.ULE, (short) (high - low))
                    .toLong()
                << i;
      }
      mask[word] = bits;
    }
    cut(mask, count);
  }

  @Override
  public void between(int[] codes, int low, int high, int from, int count, long[] mask) {
    int lanes = ints().length();
    for (int word = 0; word << 6 < count; word++) {
      long bits = 0;
      int base = from + (word << 6);
      for (int i = 0; i < 64; i += lanes) {
        bits |=
            IntVector.fromArray(ints(), codes, base + i)
                    .sub(low)
                    .compare(VectorOperators.ULE, high - low)
                    .toLong()
                << i;
      }
      mask[word] = bits;
    }
    cut(mask, count);
  }

  /// Clears the bits of the last word beyond the last row.
  private static void cut(long[] mask, int count) {
    if ((count & 63) != 0) {
      mask[count >> 6] &= (1L << count) - 1;
    }
  }
}
