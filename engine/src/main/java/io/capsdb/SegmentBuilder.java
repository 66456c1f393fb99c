package io.capsdb;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.caps.CapsIndexFactory;
import io.capsdb.caps.CapsParams;
import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterLimits;
import io.capsdb.formats.JsonFilters;
import io.capsdb.index.IndexFactory;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.Disk;
import io.capsdb.point.Payload;
import io.capsdb.point.PayloadCodec;
import io.capsdb.storage.LogRecord;
import io.capsdb.storage.SegmentContainer;
import io.capsdb.vector.BinaryProjection;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// Writes one sealed segment from the live rows of some views.
final class SegmentBuilder {
  /// Characters of a filter that is kept with a segment.
  private static final int MOST_TEXT = 4_096;

  private static final int PIECE_BYTES = 1 << 20;

  private final Disk disk;
  private final Path folder;
  private final CollectionConfig config;
  private final DatabaseOptions options;
  private final Supplier<List<Filter>> filterLog;
  private final Supplier<CollectionSettings> settings;

  /// A row of a source: the new row number is its place in the list of all.
  private record Source(SegmentView view, int row) {}

  /// @param filterLog what searches asked for lately
  /// @param settings which paths are indexed whatever they cost, and which tells tenants apart
  SegmentBuilder(
      Disk disk,
      Path folder,
      CollectionConfig config,
      DatabaseOptions options,
      Supplier<List<Filter>> filterLog,
      Supplier<CollectionSettings> settings) {
    this.filterLog = filterLog;
    this.settings = settings;
    this.disk = disk;
    this.folder = folder;
    this.config = config;
    this.options = options;
  }

  /// Writes the file and makes it durable. Rows keep the order of the views.
  ///
  /// @param views whose live rows are written
  /// @param all views of the collection, whose indexes the new ones may take after
  /// @param progress is told the share done
  void build(long number, List<SegmentView> views, List<SegmentView> all, DoubleConsumer progress)
      throws IOException {
    CollectionSettings told = settings.get();
    List<Source> rows = new ArrayList<>();
    for (SegmentView view : views) {
      for (int row = 0; row < view.rowCount(); row++) {
        if (view.isLive(row)) {
          rows.add(new Source(view, row));
        }
      }
    }
    try (SegmentContainer.Writer out =
        SegmentContainer.create(disk, SealedSegment.path(folder, number), number)) {
      writeRows(out, rows);
      writeInts(out, "ids", IdOrder.of(views));
      List<PartInput> inputs = new ArrayList<>();
      for (String name : config.vectors().keySet()) {
        PartInput input = PartInput.of(name, views, all);
        if (input.rows().length > 0) {
          inputs.add(input);
        }
      }
      Optional<AttributeIndex> known =
          inputs.size() == 1
              ? inputs.getFirst().attributes(told, config.vectorBytes())
              : Optional.empty();
      List<Filter> observed = filterLog.get();
      if (known.isPresent()) {
        copyPayloads(out, views, rows.size());
        writeFilters(out, observed);
        writeKnown(out, number, told, inputs.getFirst(), known.get(), observed, progress);
      } else {
        AttributeIndex.Builder builder = PartInput.builder(told, config.vectorBytes());
        writePayloads(out, rows, builder);
        writeFilters(out, observed);
        writeParts(out, number, told, inputs, rows, builder.build(), observed, progress);
      }
      writeSparse(out, rows);
      out.commit();
    }
  }

  private void writeSparse(SegmentContainer.Writer out, List<Source> rows) throws IOException {
    List<String> names = new ArrayList<>();
    for (String name : config.sparse().keySet()) {
      SparseBuilder builder = new SparseBuilder();
      for (Source source : rows) {
        source.view().segment().sparse(name, source.row()).ifPresent(builder::count);
      }
      if (!builder.isEmpty()) {
        builder.write(
            SealedSegment.partWriter(out, SealedSegment.sparseOf(names.size())),
            rows.size(),
            row -> rows.get(row).view().segment().sparse(name, rows.get(row).row()));
        names.add(name);
      }
    }
    if (!names.isEmpty()) {
      CheckedWriter directory = new CheckedWriter();
      directory.writeInt(names.size());
      names.forEach(directory::writeString);
      out.part(SealedSegment.SPARSE, directory);
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
  }

  /// @param attributes takes the payloads, in the order of the rows
  private static void writePayloads(
      SegmentContainer.Writer out, List<Source> rows, AttributeIndex.Builder attributes)
      throws IOException {
    long[] starts = new long[rows.size() + 1];
    out.part(
        "payloads",
        sink -> {
          CheckedWriter piece = new CheckedWriter();
          long written = 0;
          for (int i = 0; i < rows.size(); i++) {
            Source source = rows.get(i);
            Payload payload = source.view().payload(source.row());
            attributes.add(payload);
            PayloadCodec.write(payload, piece);
            starts[i + 1] = written + piece.size();
            if (piece.size() >= PIECE_BYTES || i + 1 == rows.size()) {
              written += piece.size();
              sink.write(ByteBuffer.wrap(piece.toByteArray()));
              piece = new CheckedWriter();
            }
          }
        });
    writeStarts(out, starts);
  }

  /// Copies the payloads of sealed segments as they are, but for those that were changed.
  private static void copyPayloads(
      SegmentContainer.Writer out, List<SegmentView> views, int rowCount) throws IOException {
    long[] starts = new long[rowCount + 1];
    out.part(
        "payloads",
        sink -> {
          int at = 0;
          for (SegmentView view : views) {
            SealedSegment sealed = (SealedSegment) view.segment();
            int from = 0;
            for (int row = 0; row <= view.rowCount(); row++) {
              boolean isLive = row < view.rowCount() && view.isLive(row);
              boolean isChanged = isLive && view.overlay().change(row) != null;
              if ((!isLive || isChanged) && row > from) {
                writePieces(sink, sealed.payloadBytes(from, row));
              }
              from = isLive && !isChanged ? from : row + 1;
              if (isChanged) {
                CheckedWriter changed = new CheckedWriter();
                PayloadCodec.write(view.payload(row), changed);
                sink.write(ByteBuffer.wrap(changed.toByteArray()));
                starts[at + 1] = starts[at] + changed.size();
                at++;
              } else if (isLive) {
                starts[at + 1] = starts[at] + sealed.payloadBytes(row, row + 1).byteSize();
                at++;
              }
            }
          }
        });
    writeStarts(out, starts);
  }

  private static void writePieces(SegmentContainer.Writer.Sink sink, MemorySegment bytes)
      throws IOException {
    for (long from = 0; from < bytes.byteSize(); from += PIECE_BYTES) {
      long length = Math.min(PIECE_BYTES, bytes.byteSize() - from);
      sink.write(bytes.asSlice(from, length).asByteBuffer());
    }
  }

  private static void writeStarts(SegmentContainer.Writer out, long[] starts) throws IOException {
    ByteBuffer table = ByteBuffer.allocate(8 * starts.length).order(ByteOrder.LITTLE_ENDIAN);
    table.asLongBuffer().put(starts);
    out.part("payload-starts", sink -> sink.write(table));
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

  /// Empty for filters that have no form in JSON, and for very long ones, which would not be read
  /// again: they are hints, and no reason to fail.
  private static Optional<String> text(Filter filter) {
    try {
      FilterLimits.check(filter);
      return Optional.of(JsonFilters.write(filter)).filter(text -> text.length() <= MOST_TEXT);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private IndexFactory factory(String kind, int dimension, CollectionSettings told) {
    if (!kind.equals("caps")) {
      return IndexKinds.of(kind);
    }
    CapsParams params = CapsParams.DEFAULT.withOrder(options.rowOrder()).withTenant(told.tenant());
    Optional<BinaryProjection> learned =
        options.projection().filter(projection -> projection.dimension() == dimension);
    return new CapsIndexFactory(
        learned
            .map(projection -> params.withCodes(params.codes().withProjection(projection)))
            .orElse(params));
  }

  private String kind(PartInput input) {
    return input.rows().length >= options.minIndexRows() ? "caps" : "exact";
  }

  /// Writes the only part, which has all rows.
  ///
  /// @param attributes in the places of the input
  private void writeKnown(
      SegmentContainer.Writer out,
      long number,
      CollectionSettings told,
      PartInput input,
      AttributeIndex attributes,
      List<Filter> observed,
      DoubleConsumer progress)
      throws IOException {
    writePart(out, number, 0, told, input, attributes, observed, progress);
    writeDirectory(out, List.of(input));
  }

  /// @param attributes by row
  private void writeParts(
      SegmentContainer.Writer out,
      long number,
      CollectionSettings told,
      List<PartInput> inputs,
      List<Source> rows,
      AttributeIndex attributes,
      List<Filter> observed,
      DoubleConsumer progress)
      throws IOException {
    boolean isCovered = false;
    for (int part = 0; part < inputs.size(); part++) {
      PartInput input = inputs.get(part);
      boolean hasAll = input.rows().length == rows.size();
      isCovered |= hasAll;
      double done = part;
      writePart(
          out,
          number,
          part,
          told,
          input,
          hasAll ? attributes.reorder(input.rows()) : attributesOf(input.rows(), rows, told),
          observed,
          share -> progress.accept((done + share) / inputs.size()));
    }
    writeDirectory(out, inputs);
    if (!isCovered) {
      CheckedWriter all = new CheckedWriter();
      attributes.write(all);
      out.part("attributes", all);
    }
  }

  private void writeDirectory(SegmentContainer.Writer out, List<PartInput> inputs)
      throws IOException {
    CheckedWriter directory = new CheckedWriter();
    directory.writeInt(inputs.size());
    for (PartInput input : inputs) {
      directory.writeString(input.name());
      directory.writeString(kind(input));
      directory.writeInt(input.rows().length);
    }
    out.part("parts", directory);
  }

  /// @param attributes in the places of the input
  private void writePart(
      SegmentContainer.Writer out,
      long segment,
      int part,
      CollectionSettings told,
      PartInput input,
      AttributeIndex attributes,
      List<Filter> observed,
      DoubleConsumer progress)
      throws IOException {
    int[] rows = input.rows();
    VectorConfig vector = config.vector(input.name());
    Metric metric = vector.metric();
    try (Arena arena = Arena.ofShared()) {
      VectorMatrix vectors =
          VectorMatrix.allocate(arena, rows.length, vector.dimension(), vector.type());
      input.copyVectors(vectors);
      boolean hasGraph = config.hasGraph() && rows.length >= options.minIndexRows();
      double indexShare = hasGraph ? 0.1 : 1;
      IndexFactory.BuiltIndex built =
          factory(kind(input), vector.dimension(), told)
              .build(
                  metric,
                  vectors,
                  attributes,
                  observed,
                  input.heritage(),
                  random(segment),
                  share -> progress.accept(indexShare * share));
      int[] order = built.order();
      out.part(
          SealedSegment.vectors(part, vector.type()), sink -> writeVectors(sink, vectors, order));
      writeInts(out, part + ".rows", IntStream.of(order).map(place -> rows[place]).toArray());
      built.write(SealedSegment.partWriter(out, SealedSegment.indexOf(part)));
      AttributeIndex inOrder = attributes.reorder(order);
      CheckedWriter reordered = new CheckedWriter();
      inOrder.write(reordered);
      out.part(part + ".attributes", reordered);
      if (hasGraph) {
        writeGraph(
            out,
            part,
            IndexKinds.of(IndexKinds.GRAPH)
                .build(
                    metric,
                    vectors.gather(order, arena),
                    inOrder,
                    observed,
                    random(segment),
                    share -> progress.accept(indexShare + (1 - indexShare) * share)));
      }
    }
  }

  private SplittableRandom random(long segment) {
    return new SplittableRandom(options.seed() * 31 + segment);
  }

  private static void writeGraph(
      SegmentContainer.Writer out, int part, IndexFactory.BuiltIndex graph) throws IOException {
    int[] order = graph.order();
    for (int i = 0; i < order.length; i++) {
      if (order[i] != i) {
        throw new IllegalStateException("a graph beside an index may not move rows");
      }
    }
    CheckedWriter kind = new CheckedWriter();
    kind.writeString(IndexKinds.GRAPH);
    out.part(SealedSegment.graph(part), kind);
    graph.write(SealedSegment.partWriter(out, SealedSegment.graphOf(part)));
  }

  private AttributeIndex attributesOf(int[] members, List<Source> rows, CollectionSettings told) {
    AttributeIndex.Builder builder = PartInput.builder(told, config.vectorBytes());
    for (int member : members) {
      builder.add(rows.get(member).view().payload(rows.get(member).row()));
    }
    return builder.build();
  }

  private static void writeVectors(
      SegmentContainer.Writer.Sink sink, VectorMatrix vectors, int[] order) throws IOException {
    int rowBytes = (int) vectors.rowBytes();
    int rowsAtOnce = Math.clamp(PIECE_BYTES / rowBytes, 1, Math.max(1, order.length));
    // On the heap, as it is written from there.
    byte[] piece = new byte[rowsAtOnce * rowBytes];
    for (int from = 0; from < order.length; from += rowsAtOnce) {
      int to = Math.min(order.length, from + rowsAtOnce);
      for (int i = from; i < to; i++) {
        MemorySegment.copy(
            vectors.segment(),
            ValueLayout.JAVA_BYTE,
            vectors.offset(order[i]),
            piece,
            (i - from) * rowBytes,
            rowBytes);
      }
      sink.write(ByteBuffer.wrap(piece, 0, (to - from) * rowBytes));
    }
  }

  private static void writeInts(SegmentContainer.Writer out, String part, int[] values)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    out.part(part, sink -> sink.write(bytes));
  }
}
