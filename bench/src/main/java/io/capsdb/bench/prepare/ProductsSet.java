package io.capsdb.bench.prepare;

import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.Ranges;
import io.capsdb.formats.RowSources;
import io.capsdb.io.Disk;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Shop products as sentence embeddings of 384 dimensions, cosine; the queries are titles of
/// products that are not among the rows.
///
/// Attributes: `category`, `price`, `rating` (ten times the stars), `quantity`.
final class ProductsSet {
  private static final List<String> ATTRIBUTES = List.of("category", "price", "rating", "quantity");

  private static final int CATEGORY = 0;
  private static final int PRICE = 1;
  private static final int RATING = 2;
  private static final int QUANTITY = 3;

  /// Ratings that about 7.5 % of the products have each.
  private static final int[] COMMON_RATINGS = {44, 45, 46, 47};

  private static final List<String> COMMON_CATEGORIES =
      List.of("Musical_Instruments", "Toys_and_Games");

  private final RealRows rows;
  private final RealRows queries;
  private final Map<String, Integer> categories;
  private final RandomGenerator random = new SplittableRandom(47);

  /// @param folder with `vectors-minilm.npy`, `products.jsonl.gz` and `title-queries-minilm.npy`
  ProductsSet(Disk disk, Path folder) throws IOException {
    this.rows =
        RealRows.read(
            Metric.COSINE,
            RowSources.aligned(
                RowSources.open(disk, folder.resolve("vectors-minilm.npy")),
                RowSources.open(disk, folder.resolve("products.jsonl.gz"))));
    this.queries =
        RealRows.read(
            Metric.COSINE, RowSources.open(disk, folder.resolve("title-queries-minilm.npy")));
    this.categories = rows.codes("category");
  }

  DataSet make(Arena arena) {
    int[][] columns = new int[ATTRIBUTES.size()][rows.size()];
    for (int row = 0; row < rows.size(); row++) {
      columns[CATEGORY][row] = categories.getOrDefault(rows.text("category", row), 0);
      columns[PRICE][row] = rows.number("price", row, 1);
      columns[RATING][row] = rows.number("average_rating", row, 10);
      columns[QUANTITY][row] = rows.number("quantity", row, 1);
    }
    return new DataSet(
        "products",
        Metric.COSINE,
        false,
        "shop products, sentence embeddings; queries are titles of other products",
        ATTRIBUTES,
        columns,
        rows.matrix(arena),
        queries.array(),
        workloads(columns));
  }

  private Map<String, Ranges> workloads(int[][] columns) {
    Ranges price10 = free();
    Ranges rating = free();
    Ranges threeWay = free();
    Windows price = new Windows(PRICE, columns[PRICE]);
    for (int query = 0; query < queries.size(); query++) {
      price.setAnywhere(price10, query, 0.1, random);
      int stars = COMMON_RATINGS[random.nextInt(COMMON_RATINGS.length)];
      rating.set(query, RATING, stars, stars);
      int category =
          categories.getOrDefault(
              COMMON_CATEGORIES.get(random.nextInt(COMMON_CATEGORIES.size())), 0);
      threeWay.set(query, CATEGORY, category, category);
      price.setAnywhere(threeWay, query, 0.1, random);
      threeWay.set(query, RATING, stars - 1, stars + 1);
    }
    return new TreeMap<>(
        Map.of(DataSet.NONE, free(), "price10", price10, "rating", rating, "three-way", threeWay));
  }

  private Ranges free() {
    return Ranges.free(queries.size(), ATTRIBUTES.size());
  }
}
