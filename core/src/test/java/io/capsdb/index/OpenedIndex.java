package io.capsdb.index;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.attribute.Selection;
import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.MemoryParts;
import io.capsdb.point.Payload;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.ElementType;
import io.capsdb.vector.Kernels;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.roaringbitmap.RoaringBitmap;

/// An index that was built over rows, written, and opened again. All that tests know of how that is
/// done stands here.
///
/// @param index the opened index
/// @param order the input row at each ordinal
/// @param payloads by ordinal
/// @param attributes by ordinal
/// @param parts what was written
@SuppressWarnings("ArrayRecordComponent") // tests compare what they want of it themselves
public record OpenedIndex(
    VectorIndex index,
    int[] order,
    List<Payload> payloads,
    AttributeIndex attributes,
    MemoryParts parts) {

  /// Builds, writes and opens an index over at least one row. The vectors are prepared for the
  /// metric here.
  public static OpenedIndex of(
      IndexFactory factory,
      Metric metric,
      List<float[]> vectors,
      List<Payload> payloads,
      long seed) {
    return of(factory, metric, new TestData(vectors, payloads, vectors.subList(0, 1)), seed);
  }

  /// The same over data that may have no rows: their queries tell the dimension.
  public static OpenedIndex of(IndexFactory factory, Metric metric, TestData data, long seed) {
    return of(factory, metric, data, List.of(), seed);
  }

  /// The same after some filters were seen.
  public static OpenedIndex of(
      IndexFactory factory, Metric metric, TestData data, List<Filter> observed, long seed) {
    return of(factory, metric, ElementType.FLOAT32, data, observed, seed);
  }

  /// The same over rows of a type; the vectors are rounded to it here.
  public static OpenedIndex of(
      IndexFactory factory,
      Metric metric,
      ElementType type,
      TestData data,
      List<Filter> observed,
      long seed) {
    List<float[]> rows =
        data.vectors().stream().map(vector -> type.round(metric.prepare(vector))).toList();
    List<Payload> payloads = data.payloads();
    int dimension = data.queries().getFirst().length;
    AttributeIndex attributes = attributesOf(payloads);
    VectorMatrix matrix = TestData.matrix(rows, dimension, type, Arena.ofAuto());
    IndexFactory.BuiltIndex built =
        factory.build(metric, matrix, attributes, observed, new SplittableRandom(seed), _ -> {});
    int[] order = built.order();
    MemoryParts parts = new MemoryParts();
    try {
      built.write(parts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    VectorMatrix ordered =
        TestData.matrix(
            IntStream.of(order).mapToObj(rows::get).toList(), dimension, type, Arena.ofAuto());
    AttributeIndex reordered = reread(attributes.reorder(order));
    VectorIndex index = factory.open(metric, parts, ordered, reordered);
    return new OpenedIndex(
        index,
        order,
        IntStream.of(order).mapToObj(payloads::get).toList(),
        reordered.inRuns(index.partitionStarts()),
        parts);
  }

  /// The same from its bytes: with columns, as sealed segments have them.
  private static AttributeIndex reread(AttributeIndex attributes) {
    CheckedWriter out = new CheckedWriter();
    attributes.write(out);
    return AttributeIndex.read(
        new CheckedReader("attributes", 0, MemorySegment.ofArray(out.toByteArray())));
  }

  private static AttributeIndex attributesOf(List<Payload> payloads) {
    AttributeIndex.Builder builder = new AttributeIndex.Builder();
    payloads.forEach(builder::add);
    return builder.build();
  }

  /// What the attribute index selects; what it cannot decide is looked up in the payloads.
  public Selection select(Filter filter) {
    FilterEvaluator documents = FilterEvaluator.of(filter);
    return attributes.select(filter, ordinal -> documents.matches(payloads.get(ordinal)));
  }

  /// The same without some ordinals, as if deleted.
  public Selection select(Filter filter, RoaringBitmap without) {
    return select(filter).without(without);
  }

  /// A search in this index alone; keys of the hits are ordinals.
  public ProbeQueue.Outcome search(float[] query, Selection selection, int k, SearchBudget budget) {
    return ProbeQueue.search(
        List.of(new ProbeQueue.Source(index, selection)),
        index.metric().prepare(query),
        k,
        budget,
        Long::compare);
  }

  /// Ordinals whose payload matches, by reading each one.
  public List<Integer> matching(Filter filter) {
    FilterEvaluator documents = FilterEvaluator.of(filter);
    return IntStream.range(0, payloads.size())
        .filter(ordinal -> documents.matches(payloads.get(ordinal)))
        .boxed()
        .toList();
  }

  /// The right answer, by sorting all that may be hits: the oracle of all tests.
  public Hits oracle(float[] query, List<Integer> ordinals, int k) {
    float[] prepared = index.metric().prepare(query);
    record Found(float distance, int ordinal) {}
    List<Found> found = new ArrayList<>();
    for (int ordinal : ordinals) {
      float distance =
          Kernels.best().distance(index.metric(), prepared, index.vectors().row(ordinal));
      found.add(new Found(Float.isNaN(distance) ? Float.POSITIVE_INFINITY : distance, ordinal));
    }
    List<Found> nearest =
        found.stream()
            .sorted(
                (a, b) ->
                    a.distance() != b.distance()
                        ? Float.compare(a.distance(), b.distance())
                        : Integer.compare(a.ordinal(), b.ordinal()))
            .limit(k)
            .toList();
    float[] distances = new float[nearest.size()];
    long[] keys = new long[nearest.size()];
    for (int i = 0; i < keys.length; i++) {
      distances[i] = nearest.get(i).distance();
      keys[i] = nearest.get(i).ordinal();
    }
    return new Hits(distances, keys);
  }
}
