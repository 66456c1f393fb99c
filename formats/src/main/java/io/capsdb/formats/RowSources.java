package io.capsdb.formats;

import io.capsdb.io.Disk;
import java.io.IOException;
import java.nio.file.Path;

/// Opens files of rows by their names.
public final class RowSources {
  private static final String KNOWN =
      ".fvecs, .bvecs, .fbin, .u8bin, .i8bin, .npy, .idx or idx1-ubyte/idx3-ubyte (MNIST), .jsonl"
          + " or .ndjson, .csv, .tsv, each also with .gz, and .parquet, .hdf5 or .h5";

  private RowSources() {}

  /// Opens a file; its format is told by its name.
  ///
  /// @throws FormatException if the name tells no format that is read, or the header is impossible
  public static RowSource open(Disk disk, Path file) throws IOException {
    requireFile(disk, file);
    String last = String.valueOf(file.getFileName());
    if (last.matches("(?i).*\\.parquet(\\.gz)?")) {
      requireLibrary("dev.hardwood.reader.ParquetFileReader", "dev.hardwood:hardwood-core", last);
      return ParquetRows.open(disk, file);
    }
    if (last.matches("(?i).*\\.(hdf5|h5)(\\.gz)?")) {
      requireLibrary("io.jhdf.HdfFile", "io.jhdf:jhdf", last);
      return HdfRows.open(disk, file, "train");
    }
    FileInput in = FileInput.open(disk, file);
    try {
      String name = in.plainName();
      if (name.endsWith(".fvecs")) {
        return new VecsRows(in, Element.FLOAT32);
      }
      if (name.endsWith(".bvecs")) {
        return new VecsRows(in, Element.UINT8);
      }
      if (name.endsWith(".fbin")) {
        return FixedRows.bin(in, Element.FLOAT32);
      }
      if (name.endsWith(".u8bin")) {
        return FixedRows.bin(in, Element.UINT8);
      }
      if (name.endsWith(".i8bin")) {
        return FixedRows.bin(in, Element.INT8);
      }
      if (name.endsWith(".npy")) {
        return FixedRows.npy(in);
      }
      if (name.endsWith(".idx") || name.matches(".*idx[1-4]-ubyte")) {
        return FixedRows.idx(in);
      }
      if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
        return new JsonlRows(in);
      }
      if (name.endsWith(".csv")) {
        return new CsvRows(in, ',');
      }
      if (name.endsWith(".tsv")) {
        return new CsvRows(in, '\t');
      }
      throw new FormatException(in.name(), "name", "files read are " + KNOWN);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  static void requireFile(Disk disk, Path file) throws IOException {
    if (!disk.exists(file)) {
      throw new FormatException(String.valueOf(file), "file", "there is no such file");
    }
  }

  /// Programs that embed the library may leave out what reads tables.
  static void requireLibrary(String type, String library, String file) throws FormatException {
    try {
      Class.forName(type, false, RowSources.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new FormatException(
          file, "name", "files of this kind are read with " + library + ", which is not there");
    }
  }

  /// Two files whose rows belong together by their number.
  public static RowSource aligned(RowSource vectors, RowSource payloads) {
    return new AlignedRows(vectors, payloads);
  }
}
