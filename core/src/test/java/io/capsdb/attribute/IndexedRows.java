package io.capsdb.attribute;

import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.point.Payload;
import io.capsdb.testdata.RandomPayloads;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Rows with their attribute index, read from its bytes, so that it has columns.
///
/// @param runs starts of the runs that the index knows, then the number of rows
@SuppressWarnings("ArrayRecordComponent") // tests compare what they want of it themselves
record IndexedRows(List<Payload> payloads, AttributeIndex index, int[] runs) {
  static IndexedRows of(List<Payload> payloads) {
    return of(payloads, new int[] {0, payloads.size()});
  }

  static IndexedRows of(List<Payload> payloads, int[] runs) {
    AttributeIndex.Builder builder = new AttributeIndex.Builder();
    payloads.forEach(builder::add);
    CheckedWriter out = new CheckedWriter();
    builder.build().write(out);
    return new IndexedRows(
        payloads,
        AttributeIndex.read(
                new CheckedReader("attributes", 0, MemorySegment.ofArray(out.toByteArray())))
            .inRuns(runs),
        runs);
  }

  static IndexedRows random(RandomGenerator random, int count) {
    int[] cuts = random.ints(random.nextInt(6), 0, count + 1).toArray();
    return of(
        IntStream.range(0, count).mapToObj(_ -> RandomPayloads.next(random)).toList(),
        IntStream.concat(IntStream.of(0, count), IntStream.of(cuts)).sorted().toArray());
  }

  int size() {
    return payloads.size();
  }

  Selection select(Filter filter) {
    FilterEvaluator documents = FilterEvaluator.of(filter);
    return index.select(filter, ordinal -> documents.matches(payloads.get(ordinal)));
  }

  /// Whether each row matches, by its document.
  boolean[] matching(Filter filter) {
    FilterEvaluator documents = FilterEvaluator.of(filter);
    boolean[] matching = new boolean[size()];
    for (int i = 0; i < matching.length; i++) {
      matching[i] = documents.matches(payloads.get(i));
    }
    return matching;
  }
}
