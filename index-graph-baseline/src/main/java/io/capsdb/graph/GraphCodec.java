package io.capsdb.graph;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.PartReader;
import io.capsdb.io.PartWriter;
import io.capsdb.vector.VectorMatrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// A graph as bytes, little-endian. The links of the lowest level are a part of their own, which is
/// used in place; all else stands in the part `structure`:
///
/// | bytes | what |
/// |---|---|
/// | 4 | format, 1 |
/// | 4 | length of the body |
/// | … | the body |
/// | 4 | CRC32C of the body |
///
/// and in the body:
///
/// | bytes | what |
/// |---|---|
/// | 4 + n | kind of the index |
/// | 4 | number of rows |
/// | 4 | dimension |
/// | 4 | place on the highest level at which walks begin |
/// | 4 | most links of a row on the lowest level |
/// | 4 | CRC32C of the part `links` |
/// | 4 | number of levels above the lowest |
/// | … | each: ordinals, places one level below, most links of a row, lists of links |
/// | … | what the kind of index adds |
final class GraphCodec {
  private static final int FORMAT = 1;
  private static final String STRUCTURE = "structure";
  private static final String LINKS = "links";
  private static final int PIECE_BYTES = 1 << 30;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private GraphCodec() {}

  /// What a kind of index adds to its graph.
  @FunctionalInterface
  interface Addition {
    void write(CheckedWriter out);
  }

  /// A graph that was read, and the reader where the addition begins.
  record Read(GraphLayout layout, CheckedReader rest) {}

  static void write(
      String kind, int dimension, GraphLayout layout, Addition addition, PartWriter parts)
      throws IOException {
    Links lowest = layout.lowest().links();
    CheckedWriter body = new CheckedWriter();
    body.writeString(kind);
    body.writeInt(layout.rowCount());
    body.writeInt(dimension);
    body.writeInt(layout.start());
    body.writeInt(lowest.most());
    body.writeInt(checksum(lowest.bytes()));
    body.writeInt(layout.levels().size() - 1);
    for (Level level : layout.levels().subList(1, layout.levels().size())) {
      body.writeInts(level.ordinals());
      body.writeInts(level.down());
      body.writeInt(level.links().most());
      body.writeInts(level.links().bytes().toArray(INT));
    }
    addition.write(body);
    byte[] bytes = body.toByteArray();
    CheckedWriter structure = new CheckedWriter();
    structure.writeInt(FORMAT);
    structure.writeBytes(bytes);
    structure.writeInt(checksum(MemorySegment.ofArray(bytes)));
    parts.part(STRUCTURE, structure);
    if (layout.rowCount() > 0) {
      parts.part(LINKS, lowest.bytes());
    }
  }

  /// @throws io.capsdb.io.CorruptFileException if the parts do not hold together
  static Read read(String kind, PartReader parts, VectorMatrix vectors) {
    CheckedReader structure = parts.reader(STRUCTURE);
    int format = structure.readInt();
    if (format != FORMAT) {
      throw structure.corrupt("graph of format " + format + ", this version reads " + FORMAT);
    }
    byte[] body = structure.readBytes();
    if (structure.readInt() != checksum(MemorySegment.ofArray(body))) {
      throw structure.corrupt("the structure of the graph has another checksum");
    }
    CheckedReader in = new CheckedReader(STRUCTURE, 8, MemorySegment.ofArray(body));
    String found = in.readString();
    if (!found.equals(kind)) {
      throw in.corrupt("a graph of kind '" + found + "', not '" + kind + "'");
    }
    int rowCount = in.readInt();
    int dimension = in.readInt();
    if (rowCount != vectors.rowCount() || dimension != vectors.dimension()) {
      throw in.corrupt(
          "graph over %d x %d values, vectors of %d x %d"
              .formatted(rowCount, dimension, vectors.rowCount(), vectors.dimension()));
    }
    int start = in.readInt();
    int most = readMost(in);
    int checksum = in.readInt();
    MemorySegment bytes = rowCount == 0 ? Arena.ofAuto().allocate(0) : parts.segment(LINKS);
    if (bytes.byteSize() != Links.byteSize(rowCount, most)) {
      throw in.corrupt("the links take " + bytes.byteSize() + " bytes, which does not fit");
    }
    if (checksum(bytes) != checksum) {
      throw in.corrupt("the links have another checksum");
    }
    List<Level> levels = new ArrayList<>();
    levels.add(new Level(new int[0], new int[0], new Links(bytes, rowCount, most)));
    int upper = in.readLength(16);
    for (int i = 0; i < upper; i++) {
      levels.add(readLevel(in, levels.getLast()));
    }
    for (Level level : levels) {
      requireLinks(in, level);
    }
    if (start < 0 || start >= Math.max(1, levels.getLast().size())) {
      throw in.corrupt("walks begin at " + start + ", which is not there");
    }
    return new Read(new GraphLayout(levels, start), in);
  }

  private static int readMost(CheckedReader in) {
    int most = in.readInt();
    if (most < 1 || most > 1 << 16) {
      throw in.corrupt("rows of at most " + most + " links");
    }
    return most;
  }

  private static Level readLevel(CheckedReader in, Level below) {
    int[] ordinals = in.readInts();
    int[] down = in.readInts();
    int most = readMost(in);
    int[] flat = in.readInts();
    if (ordinals.length == 0
        || down.length != ordinals.length
        || flat.length != (long) ordinals.length * (most + 1)) {
      throw in.corrupt("the tables of a level have lengths that do not fit");
    }
    for (int i = 0; i < ordinals.length; i++) {
      if (down[i] < 0
          || down[i] >= below.size()
          || below.ordinal(down[i]) != ordinals[i]
          || (i > 0 && ordinals[i] <= ordinals[i - 1])) {
        throw in.corrupt("row " + ordinals[i] + " of a level is not where it should be");
      }
    }
    Links links = Links.empty(ordinals.length, most, Arena.ofAuto());
    MemorySegment.copy(flat, 0, links.bytes(), INT, 0, flat.length);
    return new Level(ordinals, down, links);
  }

  private static void requireLinks(CheckedReader in, Level level) {
    Links links = level.links();
    for (int row = 0; row < links.rowCount(); row++) {
      int count = links.count(row);
      if (count < 0 || count > links.most()) {
        throw in.corrupt("row " + row + " has " + count + " links of " + links.most());
      }
      for (int i = 0; i < count; i++) {
        int to = links.get(row, i);
        if (to < 0 || to >= links.rowCount()) {
          throw in.corrupt("a link of row " + row + " leads to " + to);
        }
      }
    }
  }

  private static int checksum(MemorySegment bytes) {
    CRC32C sum = new CRC32C();
    for (long from = 0; from < bytes.byteSize(); from += PIECE_BYTES) {
      long length = Math.min(PIECE_BYTES, bytes.byteSize() - from);
      sum.update(bytes.asSlice(from, length).asByteBuffer());
    }
    return (int) sum.getValue();
  }
}
