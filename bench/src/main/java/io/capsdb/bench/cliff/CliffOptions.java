package io.capsdb.bench.cliff;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What one run is asked for.
///
/// @param data folder of the data set
/// @param hits numbers of hits, each 1 to 10,000
/// @param queries most queries, at least 1; the first ones of the set are taken
/// @param report folder for the page and its charts
/// @param files an empty folder for the database
record CliffOptions(Path data, List<Integer> hits, int queries, Optional<Path> report, Path files) {
  static final String USAGE =
      "usage: cliff FOLDER [--k K,K,...] [--queries N] [--report FOLDER] DATA";

  private static final int MOST_HITS = 10_000;

  CliffOptions {
    hits = List.copyOf(hits);
    if (hits.isEmpty() || hits.stream().anyMatch(k -> k < 1 || k > MOST_HITS)) {
      throw new IllegalArgumentException("each k must be in 1.." + MOST_HITS + ", was " + hits);
    }
    if (queries < 1) {
      throw new IllegalArgumentException("queries must be at least 1, was " + queries);
    }
  }

  /// @throws IllegalArgumentException if the arguments are not those of [#USAGE]
  static CliffOptions parse(List<String> args) {
    if (args.size() < 2 || args.size() % 2 != 0) {
      throw new IllegalArgumentException(USAGE);
    }
    List<Integer> hits = List.of(1, 10, 100, 1_000);
    int queries = 100;
    Optional<Path> report = Optional.empty();
    for (int i = 1; i + 1 < args.size(); i += 2) {
      String value = args.get(i + 1);
      switch (args.get(i)) {
        case "--k" -> hits = Stream.of(value.split(",")).map(Integer::valueOf).toList();
        case "--queries" -> queries = Integer.parseInt(value);
        case "--report" -> report = Optional.of(Path.of(value));
        default -> throw new IllegalArgumentException(args.get(i) + "\n" + USAGE);
      }
    }
    return new CliffOptions(
        Path.of(args.getFirst()), hits, queries, report, Path.of(args.getLast()));
  }
}
