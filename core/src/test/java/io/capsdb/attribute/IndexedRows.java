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
record IndexedRows(List<Payload> payloads, AttributeIndex index) {
  static IndexedRows of(List<Payload> payloads) {
    AttributeIndex.Builder builder = new AttributeIndex.Builder();
    payloads.forEach(builder::add);
    CheckedWriter out = new CheckedWriter();
    builder.build().write(out);
    return new IndexedRows(
        payloads,
        AttributeIndex.read(
            new CheckedReader("attributes", 0, MemorySegment.ofArray(out.toByteArray()))));
  }

  static IndexedRows random(RandomGenerator random, int count) {
    return of(IntStream.range(0, count).mapToObj(_ -> RandomPayloads.next(random)).toList());
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
