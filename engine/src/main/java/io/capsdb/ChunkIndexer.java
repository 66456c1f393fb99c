package io.capsdb;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.caps.CapsIndexFactory;
import io.capsdb.caps.CapsParams;
import io.capsdb.index.ExactIndexFactory;
import io.capsdb.index.IndexFactory;
import io.capsdb.index.RowOrder;
import io.capsdb.index.VectorIndex;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Gives a full chunk of the live segment partitions, codes, columns and postings in memory, so
/// that the newest rows are searched as the sealed ones are. Some milliseconds for each chunk;
/// sealing puts the rows of many chunks in order anew.
final class ChunkIndexer {
  /// Partitions need not be good, as they do not live long.
  private static final CapsParams QUICK =
      new CapsParams(128, 0, 32, 2, 32).withOrder(RowOrder.NONE);

  private final CollectionConfig config;
  private final DatabaseOptions options;
  private final IndexFactory caps = new CapsIndexFactory(QUICK);
  private final IndexFactory exact = new ExactIndexFactory();

  ChunkIndexer(CollectionConfig config, DatabaseOptions options) {
    this.config = config;
    this.options = options;
  }

  /// The indexed form of a full chunk; rows keep their numbers.
  IndexedChunk index(LiveChunk chunk) {
    LiveChunk.Rows rows = chunk.rows();
    int count = chunk.rowCount();
    int[] all = IntStream.range(0, count).toArray();
    AttributeIndex attributes = attributes(rows, all);
    Arena arena = Arena.ofShared();
    try {
      Map<String, IndexPart> parts = new HashMap<>();
      RowAttributes byRow = new RowAttributes(attributes, new int[0], new int[0]);
      for (String name : config.vectors().keySet()) {
        int[] members = IntStream.of(all).filter(row -> chunk.hasVector(name, row)).toArray();
        if (members.length == 0) {
          continue;
        }
        boolean isWhole = members.length == count;
        AttributeIndex own = isWhole ? attributes : attributes(rows, members);
        IndexPart part = part(chunk, name, members, own, arena);
        parts.put(name, part);
        if (isWhole) {
          byRow =
              new RowAttributes(part.attributes().orElseThrow(), part.rowOf(), part.ordinalOf());
        }
      }
      Map<String, SparsePart> sparse = new HashMap<>();
      for (String name : config.sparse().keySet()) {
        SparseBuilder builder = new SparseBuilder();
        for (int row = 0; row < count; row++) {
          chunk.sparse(name, row).ifPresent(builder::count);
        }
        if (builder.isEmpty()) {
          continue;
        }
        MemoryParts written = new MemoryParts(arena);
        builder.write(written, count, row -> chunk.sparse(name, row));
        sparse.put(name, SparsePart.open(written, count));
      }
      return new IndexedChunk(chunk.number(), rows, parts, sparse, byRow, arena);
    } catch (IOException e) {
      arena.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  private static AttributeIndex attributes(LiveChunk.Rows rows, int[] members) {
    AttributeIndex.Builder builder = new AttributeIndex.Builder();
    for (int row : members) {
      builder.add(rows.payloads()[row]);
    }
    return builder.build();
  }

  private IndexPart part(
      LiveChunk chunk, String name, int[] members, AttributeIndex attributes, Arena arena)
      throws IOException {
    Metric metric = config.vector(name).metric();
    IndexFactory factory = members.length < options.minIndexRows() ? exact : caps;
    try (Arena building = Arena.ofShared()) {
      VectorMatrix all = chunk.matrix(name);
      VectorMatrix input = members.length == all.rowCount() ? all : all.gather(members, building);
      IndexFactory.BuiltIndex built =
          factory.build(
              metric,
              input,
              attributes,
              List.of(),
              new SplittableRandom(options.seed() * 31 + chunk.number()),
              _ -> {});
      MemoryParts written = new MemoryParts(arena);
      built.write(written);
      int[] order = built.order();
      AttributeIndex ordered = attributes.reorder(order).withColumns();
      VectorIndex index = factory.open(metric, written, input.gather(order, arena), ordered);
      int[] rowOf = IntStream.of(order).map(i -> members[i]).toArray();
      int[] ordinalOf = new int[chunk.rowCount()];
      Arrays.fill(ordinalOf, -1);
      for (int ordinal = 0; ordinal < rowOf.length; ordinal++) {
        ordinalOf[rowOf[ordinal]] = ordinal;
      }
      return IndexPart.of(index, ordered, rowOf, ordinalOf);
    }
  }
}
