package io.capsdb.graph;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.filter.Filter;
import io.capsdb.index.IndexFactory;
import io.capsdb.index.VectorIndex;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.PartReader;
import io.capsdb.io.PartWriter;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Builds and opens Filtered-Vamana and Stitched-Vamana graphs (Gollapudi et al.,
/// "Filtered-DiskANN:
/// Graph Algorithms for Approximate Nearest Neighbor Search with Filters", 2023).
///
/// Labels are values of fields. The paper's filters ask for one label; how others are kept stands
/// at [LabelledIndex].
public final class VamanaIndexFactory implements IndexFactory {
  /// Which of the two.
  public enum Form {
    /// One graph, built with labels in view.
    FILTERED,

    /// A graph for each label, put together.
    STITCHED
  }

  private final Form form;
  private final VamanaParams params;

  public VamanaIndexFactory(Form form, VamanaParams params) {
    this.form = form;
    this.params = params;
  }

  @Override
  public String kind() {
    return form.name().toLowerCase(Locale.ROOT) + "-vamana";
  }

  @Override
  public BuiltIndex build(
      Metric metric,
      VectorMatrix rows,
      AttributeIndex attributes,
      List<Filter> observed,
      RandomGenerator random,
      DoubleConsumer progress) {
    Orders.requireNotInterrupted();
    Space space = new Space.OfVectors(metric, rows);
    Labels labels = Labels.of(attributes);
    double stretch = VamanaBuilder.stretch(params, metric);
    Arena arena = Arena.ofAuto();
    Built built =
        switch (form) {
          case FILTERED -> {
            Level level =
                new Level(
                    new int[0],
                    new int[0],
                    Links.empty(rows.rowCount(), params.connections(), arena));
            VamanaBuilder builder =
                new VamanaBuilder(
                    space, level, Optional.of(labels), params, stretch, random, progress);
            builder.build();
            yield new Built(kind(), rows.dimension(), level, builder.startOf());
          }
          case STITCHED -> {
            Stitching stitching = new Stitching(space, labels, params, stretch, random, progress);
            Level level = stitching.build(arena);
            yield new Built(kind(), rows.dimension(), level, stitching.startOf());
          }
        };
    progress.accept(1);
    return built;
  }

  @SuppressWarnings("ArrayRecordComponent") // handed to the writer once
  private record Built(String kind, int dimension, Level level, int[] startOf)
      implements BuiltIndex {
    @Override
    public int[] order() {
      return IntStream.range(0, level.size()).toArray();
    }

    @Override
    public void write(PartWriter out) throws IOException {
      GraphLayout layout = new GraphLayout(List.of(level), 0);
      GraphCodec.write(kind, dimension, layout, body -> body.writeInts(startOf), out);
    }
  }

  @Override
  public VectorIndex open(
      Metric metric, PartReader parts, VectorMatrix vectors, AttributeIndex attributes) {
    GraphCodec.Read read = GraphCodec.read(kind(), parts, vectors);
    CheckedReader rest = read.rest();
    int[] startOf = rest.readInts();
    Labels labels = Labels.of(attributes);
    if (startOf.length != labels.count()) {
      throw rest.corrupt(
          "a graph with " + startOf.length + " labels, the attributes have " + labels.count());
    }
    for (int label = 0; label < startOf.length; label++) {
      if (startOf[label] < 0 || !labels.rows(label).contains(startOf[label])) {
        throw rest.corrupt("walks under label " + label + " begin at row " + startOf[label]);
      }
    }
    return new LabelledIndex(
        kind(),
        metric,
        vectors,
        read.layout().lowest(),
        labels,
        Arrays.copyOf(startOf, startOf.length));
  }
}
