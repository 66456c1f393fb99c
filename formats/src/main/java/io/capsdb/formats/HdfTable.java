package io.capsdb.formats;

import io.jhdf.api.Dataset;
import java.io.IOException;
import java.util.Arrays;

/// A data set of an HDF5 file: rows, all of the same number of values.
final class HdfTable {
  private final MappedFile file;
  private final String name;
  private final Dataset dataset;
  private final int rowCount;
  private final int width;

  /// @param sides as the file gives them
  /// @throws FormatException if they are not those of rows
  HdfTable(MappedFile file, String name, Dataset dataset, int[] sides) throws FormatException {
    if (sides.length != 2 || sides[1] < 1 || sides[1] > Vectors.MAX_DIMENSION) {
      throw new FormatException(
          file.name(),
          name,
          "its sides are " + Arrays.toString(sides) + ", not rows by 1 to 65536 values");
    }
    this.file = file;
    this.name = name;
    this.dataset = dataset;
    this.rowCount = sides[0];
    this.width = sides[1];
  }

  String name() {
    return name;
  }

  int rowCount() {
    return rowCount;
  }

  int width() {
    return width;
  }

  /// Some rows, each an array of numbers of the type that the file has.
  ///
  /// @param count at least 0, of rows that are there
  Object[] read(int first, int count) throws IOException {
    if (count == 0) {
      return new Object[0];
    }
    try {
      Object rows = dataset.getData(new long[] {first, 0}, new int[] {count, width});
      if (rows instanceof Object[] array && array.length == count) {
        return array;
      }
    } catch (RuntimeException e) {
      throw HdfFileReader.damaged(file, place(first), e);
    }
    throw new FormatException(file.name(), place(first), "the file ends here");
  }

  /// A row, for messages.
  String place(int row) {
    return name.equals("train") ? "row " + row : name + ", row " + row;
  }
}
