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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// 20,480 shop products: sentence embeddings of 384 dimensions, cosine; the queries are embedded
/// titles of products that are not among the rows.
final class ProductsSet {
  private ProductsSet() {}

  /// @param folder with `products.jsonl.gz`, `vectors-minilm.npy`, `title-queries-minilm.npy`
  static BenchSet read(Disk disk, Path folder, int queryLimit) throws IOException {
    List<float[]> vectors = new ArrayList<>();
    List<Payload> payloads = new ArrayList<>();
    try (RowSource rows =
        RowSources.aligned(
            RowSources.open(disk, folder.resolve("vectors-minilm.npy")),
            RowSources.open(disk, folder.resolve("products.jsonl.gz")))) {
      for (Optional<RowSource.Row> next = rows.next(); next.isPresent(); next = rows.next()) {
        vectors.add(Objects.requireNonNull(next.get().vector()));
        payloads.add(next.get().payload());
      }
    }
    List<float[]> queries = new ArrayList<>();
    try (RowSource rows = RowSources.open(disk, folder.resolve("title-queries-minilm.npy"))) {
      for (Optional<RowSource.Row> next = rows.next();
          next.isPresent() && queries.size() < queryLimit;
          next = rows.next()) {
        queries.add(Objects.requireNonNull(next.get().vector()));
      }
    }
    return new BenchSet("products", Metric.COSINE, vectors, payloads, queries, workloads());
  }

  private static List<Workload> workloads() {
    Filter toys = new Filter.In("category", Set.of(Value.of("Toys_and_Games")));
    Filter cheap = range("price", 1000, 2000);
    Filter loved = range("average_rating", 4.7, 5);
    return List.of(
        new Workload("none", _ -> Filter.ALL),
        new Workload("category", _ -> toys),
        new Workload("price range", _ -> cheap),
        new Workload("rating", _ -> loved),
        new Workload(
            "category AND price AND rating", _ -> new Filter.And(List.of(toys, cheap, loved))));
  }

  private static Filter range(String field, double low, double high) {
    return new Filter.Range(field, Bound.including(low), Bound.including(high));
  }
}
