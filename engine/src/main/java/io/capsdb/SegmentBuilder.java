package io.capsdb;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.caps.CapsIndexFactory;
import io.capsdb.caps.CapsParams;
import io.capsdb.filter.Filter;
import io.capsdb.formats.JsonFilters;
import io.capsdb.index.IndexFactory;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.Disk;
import io.capsdb.point.PayloadCodec;
import io.capsdb.storage.LogRecord;
import io.capsdb.storage.SegmentContainer;
import io.capsdb.vector.BinaryProjection;
import io.capsdb.vector.Floats;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// Writes one sealed segment from the live rows of some views.
final class SegmentBuilder {
  /// Characters of a filter that is kept with a segment.
  private static final int MOST_TEXT = 4_096;

  private static final int PIECE_ROWS = 1_024;

  private final Disk disk;
  private final Path folder;
  private final CollectionConfig config;
  private final DatabaseOptions options;
  private final Supplier<List<Filter>> filterLog;

  /// A row of a source: the new row number is its place in the list of all.
  private record Source(SegmentView view, int row) {}

  /// @param filterLog what searches asked for lately
  SegmentBuilder(
      Disk disk,
      Path folder,
      CollectionConfig config,
      DatabaseOptions options,
      Supplier<List<Filter>> filterLog) {
    this.filterLog = filterLog;
    this.disk = disk;
    this.folder = folder;
    this.config = config;
    this.options = options;
  }

  /// Writes the file and makes it durable. Rows keep the order of the views.
  ///
  /// @param progress is told the share done
  void build(long number, List<SegmentView> views, DoubleConsumer progress) throws IOException {
    List<Source> rows = new ArrayList<>();
    for (SegmentView view : views) {
      for (int row = 0; row < view.rowCount(); row++) {
        if (view.isLive(row)) {
          rows.add(new Source(view, row));
        }
      }
    }
    try (SegmentContainer.Writer out =
        SegmentContainer.create(disk, SealedSegment.path(folder, number))) {
      writeRows(out, rows);
      AttributeIndex attributes = writePayloads(out, rows);
      List<Filter> observed = filterLog.get();
      writeFilters(out, observed);
      writeParts(out, number, rows, attributes, observed, progress);
      out.commit();
    }
  }

  private static void writeRows(SegmentContainer.Writer out, List<Source> rows) throws IOException {
    CheckedWriter table = new CheckedWriter();
    table.writeInt(rows.size());
    for (Source source : rows) {
      table.writeLong(source.view().version(source.row()));
      LogRecord.writeId(source.view().segment().id(source.row()), table);
    }
    out.part("rows", table);
    int[] byId =
        IntStream.range(0, rows.size())
            .boxed()
            .sorted(
                Comparator.comparing(row -> rows.get(row).view().segment().id(rows.get(row).row())))
            .mapToInt(row -> row)
            .toArray();
    writeInts(out, "ids", byId);
  }

  private AttributeIndex writePayloads(SegmentContainer.Writer out, List<Source> rows)
      throws IOException {
    AttributeIndex.Builder builder = AttributeIndex.Builder.beside(Set.of(), config.vectorBytes());
    long[] starts = new long[rows.size() + 1];
    out.part(
        "payloads",
        sink -> {
          for (int i = 0; i < rows.size(); i++) {
            Source source = rows.get(i);
            var payload = source.view().payload(source.row());
            builder.add(payload);
            CheckedWriter document = new CheckedWriter();
            PayloadCodec.write(payload, document);
            starts[i + 1] = starts[i] + document.size();
            sink.write(ByteBuffer.wrap(document.toByteArray()));
          }
        });
    ByteBuffer table = ByteBuffer.allocate(8 * starts.length).order(ByteOrder.LITTLE_ENDIAN);
    table.asLongBuffer().put(starts);
    out.part("payload-starts", sink -> sink.write(table));
    return builder.build();
  }

  private static void writeFilters(SegmentContainer.Writer out, List<Filter> observed)
      throws IOException {
    List<String> texts = observed.stream().flatMap(filter -> text(filter).stream()).toList();
    if (!texts.isEmpty()) {
      CheckedWriter filters = new CheckedWriter();
      filters.writeInt(texts.size());
      texts.forEach(filters::writeString);
      out.part("filters", filters);
    }
  }

  /// Empty for filters that have no form in JSON, and for very long ones: they are hints, and no
  /// reason to fail.
  private static Optional<String> text(Filter filter) {
    try {
      return Optional.of(JsonFilters.write(filter)).filter(text -> text.length() <= MOST_TEXT);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private IndexFactory factory(String kind, int dimension) {
    if (!kind.equals("caps")) {
      return SealedSegment.factory(kind);
    }
    CapsParams params = CapsParams.DEFAULT.withOrder(options.rowOrder());
    Optional<BinaryProjection> learned =
        options.projection().filter(projection -> projection.dimension() == dimension);
    return new CapsIndexFactory(
        learned
            .map(projection -> params.withCodes(params.codes().withProjection(projection)))
            .orElse(params));
  }

  private void writeParts(
      SegmentContainer.Writer out,
      long number,
      List<Source> rows,
      AttributeIndex attributes,
      List<Filter> observed,
      DoubleConsumer progress)
      throws IOException {
    CheckedWriter directory = new CheckedWriter();
    boolean isCovered = false;
    int count = 0;
    List<Map.Entry<String, int[]>> members = new ArrayList<>();
    for (String name : config.vectors().keySet()) {
      int[] own =
          IntStream.range(0, rows.size())
              .filter(row -> rows.get(row).view().segment().hasVector(name, rows.get(row).row()))
              .toArray();
      if (own.length > 0) {
        members.add(Map.entry(name, own));
        isCovered |= own.length == rows.size();
      }
    }
    directory.writeInt(members.size());
    for (Map.Entry<String, int[]> member : members) {
      String kind = member.getValue().length >= options.minIndexRows() ? "caps" : "exact";
      directory.writeString(member.getKey());
      directory.writeString(kind);
      directory.writeInt(member.getValue().length);
      double done = count;
      writePart(
          out,
          number,
          count++,
          member.getKey(),
          kind,
          member.getValue(),
          rows,
          attributes,
          observed,
          share -> progress.accept((done + share) / members.size()));
    }
    out.part("parts", directory);
    if (!isCovered) {
      CheckedWriter all = new CheckedWriter();
      attributes.write(all);
      out.part("attributes", all);
    }
  }

  private void writePart(
      SegmentContainer.Writer out,
      long segment,
      int part,
      String name,
      String kind,
      int[] members,
      List<Source> rows,
      AttributeIndex attributes,
      List<Filter> observed,
      DoubleConsumer progress)
      throws IOException {
    int dimension = config.vector(name).dimension();
    Metric metric = config.vector(name).metric();
    try (Arena arena = Arena.ofShared()) {
      MemorySegment block = arena.allocate((long) members.length * dimension * Float.BYTES, 64);
      VectorMatrix vectors = new VectorMatrix(block, members.length, dimension);
      for (int i = 0; i < members.length; i++) {
        Source source = rows.get(members[i]);
        float[] vector = source.view().segment().vector(name, source.row()).orElseThrow();
        MemorySegment.copy(vector, 0, block, Floats.LITTLE_ENDIAN, vectors.offset(i), dimension);
      }
      AttributeIndex own = members.length == rows.size() ? attributes : attributesOf(members, rows);
      IndexFactory.BuiltIndex built =
          factory(kind, dimension)
              .build(
                  metric,
                  vectors,
                  own,
                  observed,
                  new SplittableRandom(options.seed() * 31 + segment),
                  progress);
      int[] order = built.order();
      out.part(part + ".vectors", sink -> writeVectors(sink, vectors, order));
      writeInts(out, part + ".rows", IntStream.of(order).map(i -> members[i]).toArray());
      built.write(SealedSegment.partWriter(out, part));
      CheckedWriter reordered = new CheckedWriter();
      own.reorder(order).write(reordered);
      out.part(part + ".attributes", reordered);
    }
  }

  private AttributeIndex attributesOf(int[] members, List<Source> rows) {
    AttributeIndex.Builder builder = AttributeIndex.Builder.beside(Set.of(), config.vectorBytes());
    for (int member : members) {
      builder.add(rows.get(member).view().payload(rows.get(member).row()));
    }
    return builder.build();
  }

  private static void writeVectors(
      SegmentContainer.Writer.Sink sink, VectorMatrix vectors, int[] order) throws IOException {
    int rowBytes = (int) vectors.rowBytes();
    ByteBuffer piece = ByteBuffer.allocateDirect(Math.min(PIECE_ROWS, order.length) * rowBytes);
    for (int from = 0; from < order.length; from += PIECE_ROWS) {
      int to = Math.min(order.length, from + PIECE_ROWS);
      piece.clear();
      for (int i = from; i < to; i++) {
        piece.put(vectors.segment().asSlice(vectors.offset(order[i]), rowBytes).asByteBuffer());
      }
      sink.write(piece.flip());
    }
  }

  private static void writeInts(SegmentContainer.Writer out, String part, int[] values)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    out.part(part, sink -> sink.write(bytes));
  }
}
