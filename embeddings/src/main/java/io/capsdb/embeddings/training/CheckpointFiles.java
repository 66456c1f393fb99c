package io.capsdb.embeddings.training;

import io.capsdb.formats.FileOutput;
import io.capsdb.formats.FormatException;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/// The checkpoints of one run in a folder, one file each: `step-000000000123.checkpoint`. A file
/// gets its name when it is whole, so a killed run leaves whole ones behind.
///
/// A file, little-endian:
///
/// | bytes | what |
/// |---|---|
/// | 8 | `CAPSCKPT` |
/// | 4 | format, 1 |
/// | 4 + n | what is trained and how, UTF-8: a run goes on only from states of its own |
/// | 8, 8 | steps done; sum of losses of this epoch, float64 |
/// | 4 + 4n | weights, float32 |
/// | 4, then 4 + 4n each | arrays of the optimiser |
/// | 4 + 4n | weights of the best epoch |
/// | 8, 4 | its score, float64; its number, or -1 |
/// | 4 | CRC32C of all before |
public final class CheckpointFiles {
  private static final byte[] MAGIC = "CAPSCKPT".getBytes(StandardCharsets.US_ASCII);
  private static final int FORMAT = 1;
  private static final String NAME = "step-[0-9]{12}\\.checkpoint";

  private final Disk disk;
  private final Path folder;
  private final String run;

  /// @param run what is trained and how
  public CheckpointFiles(Disk disk, Path folder, String run) {
    this.disk = disk;
    this.folder = folder;
    this.run = run;
  }

  /// Names of the checkpoints in a folder, in the order of their steps.
  public static List<Path> list(Disk disk, Path folder) throws IOException {
    if (!disk.exists(folder)) {
      throw new FormatException(String.valueOf(folder), "folder", "there is no such folder");
    }
    return disk.list(folder).stream()
        .filter(name -> name.matches(NAME))
        .sorted()
        .map(folder::resolve)
        .toList();
  }

  public Path save(TrainingState state) throws IOException {
    CheckedWriter out = new CheckedWriter();
    for (byte b : MAGIC) {
      out.writeByte(b);
    }
    out.writeInt(FORMAT);
    out.writeString(run);
    out.writeLong(state.step());
    out.writeDouble(state.lossSum());
    out.writeFloats(state.weights());
    out.writeInt(state.optimizer().size());
    state.optimizer().forEach(out::writeFloats);
    out.writeFloats(state.bestWeights());
    out.writeDouble(state.bestScore());
    out.writeInt(state.bestEpoch());
    byte[] bytes = out.toByteArray();
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    Path file =
        folder.resolve(String.format(java.util.Locale.ROOT, "step-%012d.checkpoint", state.step()));
    disk.createFolders(folder);
    try (FileOutput written = FileOutput.create(disk, file)) {
      written.write(bytes);
      CheckedWriter end = new CheckedWriter();
      end.writeInt((int) checksum.getValue());
      written.write(end.toByteArray());
      written.commit();
    }
    return file;
  }

  /// The last state of this run; damaged files are passed over. Empty where the folder is, or is
  /// not there.
  ///
  /// @throws FormatException if the folder holds the states of another run
  public Optional<TrainingState> latest() throws IOException {
    if (!disk.exists(folder)) {
      return Optional.empty();
    }
    List<Path> files = new ArrayList<>(list(disk, folder));
    for (Path file : files.reversed()) {
      Saved saved;
      try {
        saved = read(disk, file);
      } catch (FormatException _) {
        continue; // the one before it is whole
      }
      if (!saved.run().equals(run)) {
        throw new FormatException(
            String.valueOf(file),
            "run",
            "it is of another run (" + saved.run() + ") than this one (" + run + ")");
      }
      return Optional.of(saved.state());
    }
    return Optional.empty();
  }

  /// A state as it lies in a file.
  public record Saved(String run, TrainingState state) {}

  /// Reads a file.
  ///
  /// @throws FormatException if it is damaged or of another version
  public static Saved read(Disk disk, Path file) throws IOException {
    String name = String.valueOf(file);
    byte[] bytes;
    try (InputStream in = disk.read(file)) {
      bytes = in.readAllBytes();
    }
    if (bytes.length < MAGIC.length + 8 || !Arrays.equals(bytes, 0, 8, MAGIC, 0, 8)) {
      throw new FormatException(name, "byte 0", "it does not begin as a checkpoint does");
    }
    CheckedReader in =
        new CheckedReader(name, 8, MemorySegment.ofArray(bytes).asSlice(8, bytes.length - 8));
    try {
      int format = in.readInt();
      if (format != FORMAT) {
        throw new FormatException(
            name, "byte 8", "a checkpoint of format " + format + ", this version reads " + FORMAT);
      }
      CRC32C checksum = new CRC32C();
      checksum.update(bytes, 0, bytes.length - 4);
      int stored =
          new CheckedReader(
                  name, bytes.length - 4L, MemorySegment.ofArray(bytes).asSlice(bytes.length - 4L))
              .readInt();
      if (stored != (int) checksum.getValue()) {
        throw new FormatException(name, "end", "its checksum does not fit: it is damaged");
      }
      String run = in.readString();
      long step = in.readLong();
      double lossSum = in.readDouble();
      float[] weights = in.readFloats();
      List<float[]> optimizer = new ArrayList<>();
      for (int count = in.readLength(4); count > 0; count--) {
        optimizer.add(in.readFloats());
      }
      return new Saved(
          run,
          new TrainingState(
              step, weights, optimizer, lossSum, in.readFloats(), in.readDouble(), in.readInt()));
    } catch (CorruptFileException e) {
      throw new FormatException(name, "byte " + e.offset(), "it is damaged: " + e.getMessage());
    }
  }
}
