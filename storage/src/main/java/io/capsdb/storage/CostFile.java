package io.capsdb.storage;

import io.capsdb.index.CostModel;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// What the pieces of a search cost on a machine, as measured there. Nothing is lost with it.
///
/// | bytes | what |
/// |---|---|
/// | 4 | format |
/// | 4 + n | name of the machine |
/// | 8 each | the costs, float64, in the order of [CostModel] |
///
/// @param machine where they were measured
public record CostFile(String machine, CostModel costs) {
  private static final long MAGIC = 0x3154534353504143L; // "CAPSCST1"
  private static final int FORMAT = 1;

  public void write(Disk disk, Path file) throws IOException {
    CheckedWriter out = new CheckedWriter();
    out.writeInt(FORMAT);
    out.writeString(machine);
    out.writeDouble(costs.vector());
    out.writeDouble(costs.vectorValue());
    out.writeDouble(costs.record());
    out.writeDouble(costs.recordLine());
    out.writeDouble(costs.scanRow());
    out.writeDouble(costs.scanWord());
    out.writeDouble(costs.group());
    out.writeDouble(costs.maskRow());
    out.writeDouble(costs.findRow());
    out.writeDouble(costs.partition());
    out.writeDouble(costs.start());
    out.writeDouble(costs.hit());
    AtomicFile.write(disk, file, MAGIC, out.toByteArray());
  }

  /// What the file holds; empty when there is none, or one of another version.
  ///
  /// @throws io.capsdb.io.CorruptFileException if it is damaged
  public static Optional<CostFile> read(Disk disk, Path file) throws IOException {
    Optional<CheckedReader> found = AtomicFile.read(disk, file, MAGIC);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    CheckedReader in = found.get();
    if (in.readInt() != FORMAT) {
      return Optional.empty();
    }
    String machine = in.readString();
    try {
      // Arguments are read in their order.
      CostModel costs =
          new CostModel(
              in.readDouble(),
              in.readDouble(),
              in.readDouble(),
              in.readDouble(),
              in.readDouble(),
              in.readDouble(),
              in.readDouble(),
              in.readDouble(),
              in.readDouble(),
              in.readDouble(),
              in.readDouble(),
              in.readDouble());
      return Optional.of(new CostFile(machine, costs));
    } catch (IllegalArgumentException e) {
      throw in.corrupt("costs that cannot be: " + e.getMessage());
    }
  }
}
