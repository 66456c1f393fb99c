package io.capsdb.caps;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.filter.Filter;
import io.capsdb.index.Heritage;
import io.capsdb.index.IndexFactory;
import io.capsdb.index.VectorIndex;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.MemoryParts;
import io.capsdb.io.PartReader;
import io.capsdb.point.Payload;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Builds indexes the long way round: indexes over pieces of the rows first, which the one over all
/// rows then takes after.
///
/// @param shares how large the pieces are against one another; what is left over after rounding has
///     no older index
record MergingFactory(IndexFactory inner, List<Integer> shares) implements IndexFactory {
  @Override
  public String kind() {
    return inner.kind();
  }

  @Override
  public BuiltIndex build(
      Metric metric,
      VectorMatrix rows,
      AttributeIndex attributes,
      List<Filter> observed,
      RandomGenerator random,
      DoubleConsumer progress) {
    Heritage heritage = heritage(metric, rows, random);
    return inner.build(metric, rows, attributes, observed, heritage, random, progress);
  }

  Heritage heritage(Metric metric, VectorMatrix rows, RandomGenerator random) {
    int total = shares.stream().mapToInt(share -> share).sum();
    List<Heritage.Merged> merged = new ArrayList<>();
    int from = 0;
    for (int share : shares) {
      int count = (int) ((long) rows.rowCount() * share / total);
      merged.add(piece(metric, rows, from, count, random));
      from += count;
    }
    return new Heritage(merged, Optional.of(merged.getFirst().index()));
  }

  private Heritage.Merged piece(
      Metric metric, VectorMatrix rows, int from, int count, RandomGenerator random) {
    List<float[]> own = IntStream.range(from, from + count).mapToObj(rows::row).toList();
    AttributeIndex.Builder none = new AttributeIndex.Builder();
    own.forEach(_ -> none.add(Payload.empty()));
    AttributeIndex attributes = none.build();
    VectorMatrix matrix = TestData.matrix(own, rows.dimension(), rows.type(), Arena.ofAuto());
    BuiltIndex built = inner.build(metric, matrix, attributes, List.of(), random, _ -> {});
    int[] order = built.order();
    MemoryParts parts = new MemoryParts();
    CheckedWriter out = new CheckedWriter();
    attributes.write(out);
    try {
      built.write(parts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    VectorIndex index =
        inner.open(
            metric,
            parts,
            matrix.gather(order, Arena.ofAuto()),
            AttributeIndex.read(
                new CheckedReader("attributes", 0, MemorySegment.ofArray(out.toByteArray()))));
    return new Heritage.Merged(index, Arrays.stream(order).map(row -> from + row).toArray());
  }

  @Override
  public VectorIndex open(
      Metric metric, PartReader parts, VectorMatrix vectors, AttributeIndex attributes) {
    return inner.open(metric, parts, vectors, attributes);
  }
}
