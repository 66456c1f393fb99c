package io.capsdb.bench;

import io.capsdb.filter.Filter;
import io.capsdb.filter.Filter.Bound;
import io.capsdb.filter.Value;
import io.capsdb.formats.RowSource;
import io.capsdb.formats.RowSources;
import io.capsdb.io.Disk;
import io.capsdb.point.Payload;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;

/// Fashion-MNIST: 784 raw pixels, L2. Every 120th image is held out as a query.
///
/// Attributes: `label`; `brightness` (mean pixel / 255); `asymmetry` (left minus right half, /
/// 255); `tags` (three of 200, independent of the image).
final class FashionSet {
  private static final int QUERY_EVERY = 120;
  private static final int TAG_COUNT = 200;

  private FashionSet() {}

  /// @param folder with `train-images-idx3-ubyte.gz` and `train-labels-idx1-ubyte.gz`
  static BenchSet read(Disk disk, Path folder, int queryLimit) throws IOException {
    List<float[]> vectors = new ArrayList<>();
    List<Payload> payloads = new ArrayList<>();
    List<float[]> queries = new ArrayList<>();
    List<Payload> queryPayloads = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(11);
    try (RowSource rows =
        RowSources.aligned(
            RowSources.open(disk, folder.resolve("train-images-idx3-ubyte.gz")),
            RowSources.open(disk, folder.resolve("train-labels-idx1-ubyte.gz")))) {
      for (Optional<RowSource.Row> next = rows.next(); next.isPresent(); next = rows.next()) {
        RowSource.Row row = next.get();
        float[] vector = Objects.requireNonNull(row.vector());
        long label = (Long) Objects.requireNonNull(row.payload().fields().get("label"));
        Payload payload = payload(vector, label, random);
        if (row.number() % QUERY_EVERY == 0) {
          queries.add(vector);
          queryPayloads.add(payload);
        } else {
          vectors.add(vector);
          payloads.add(payload);
        }
      }
    }
    int count = Math.min(queryLimit, queries.size());
    return new BenchSet(
        "fashion-mnist",
        Metric.EUCLID,
        vectors,
        payloads,
        queries.subList(0, count),
        workloads(queryPayloads));
  }

  private static List<Workload> workloads(List<Payload> queries) {
    return List.of(
        new Workload("none", _ -> Filter.ALL),
        new Workload("own label", i -> label(labelOf(queries, i))),
        new Workload("other label", i -> label((labelOf(queries, i) + 5) % 10)),
        new Workload(
            "own label AND brightness +-0.05",
            i -> and(label(labelOf(queries, i)), near("brightness", queries.get(i), 0.05))),
        new Workload(
            "label AND brightness AND asymmetry, near 0.1 %",
            i ->
                and(
                    label(labelOf(queries, i)),
                    near("brightness", queries.get(i), 0.01),
                    near("asymmetry", queries.get(i), 0.004))),
        new Workload(
            "brightness < 0.15 OR > 0.45",
            _ ->
                new Filter.Or(
                    List.of(
                        new Filter.Range("brightness", Bound.none(), Bound.excluding(0.15)),
                        new Filter.Range("brightness", Bound.excluding(0.45), Bound.none())))),
        new Workload("NOT own label", i -> new Filter.Not(label(labelOf(queries, i)))),
        new Workload(
            "a tag out of 200",
            i -> new Filter.In("tags", java.util.Set.of(Value.of("t" + (i * 7 % TAG_COUNT))))));
  }

  private static Payload payload(float[] image, long label, SplittableRandom random) {
    double sum = 0;
    double left = 0;
    for (int i = 0; i < image.length; i++) {
      sum += image[i];
      left += i % 28 < 14 ? image[i] : -image[i];
    }
    List<String> tags = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      tags.add("t" + random.nextInt(TAG_COUNT));
    }
    return new Payload(
        Map.of(
            "label",
            label,
            "brightness",
            sum / image.length / 255,
            "asymmetry",
            left / image.length / 255,
            "tags",
            tags));
  }

  private static long labelOf(List<Payload> payloads, int i) {
    return (Long) Objects.requireNonNull(payloads.get(i).fields().get("label"));
  }

  private static Filter label(long label) {
    return new Filter.In("label", java.util.Set.of(Value.of(label)));
  }

  private static Filter near(String field, Payload of, double width) {
    double value = (Double) Objects.requireNonNull(of.fields().get(field));
    return new Filter.Range(field, Bound.including(value - width), Bound.including(value + width));
  }

  private static Filter and(Filter... parts) {
    return new Filter.And(List.of(parts));
  }
}
