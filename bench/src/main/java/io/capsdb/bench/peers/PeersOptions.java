package io.capsdb.bench.peers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What one run is asked for.
///
/// @param data folder of the data set
/// @param engines by name; empty for all
/// @param workloads by name; empty for all
/// @param queries most queries, at least 1; the first ones of the set are taken
/// @param k hits wanted, at least 1
/// @param threads that search at the same time, at least 1
/// @param json file that lines are appended to
record PeersOptions(
    Path data,
    List<String> engines,
    List<String> workloads,
    int queries,
    int k,
    int threads,
    Optional<Path> json) {

  static final String USAGE =
      "usage: peers --data FOLDER [--engines A,B] [--workloads X,Y] [--queries N] [--k K]"
          + " [--threads T] [--json FILE]";

  PeersOptions {
    engines = List.copyOf(engines);
    workloads = List.copyOf(workloads);
    if (queries < 1 || k < 1 || threads < 1) {
      throw new IllegalArgumentException("queries, k and threads must be at least 1");
    }
  }

  /// @throws IllegalArgumentException if the arguments are not those of [#USAGE]
  static PeersOptions parse(List<String> args) {
    Map<String, String> values = new HashMap<>();
    List<String> known =
        List.of("--data", "--engines", "--workloads", "--queries", "--k", "--threads", "--json");
    for (int i = 0; i < args.size(); i += 2) {
      if (!known.contains(args.get(i)) || i + 1 == args.size()) {
        throw new IllegalArgumentException(args.get(i) + "\n" + USAGE);
      }
      values.put(args.get(i), args.get(i + 1));
    }
    String data = values.get("--data");
    if (data == null) {
      throw new IllegalArgumentException("--data is missing\n" + USAGE);
    }
    return new PeersOptions(
        Path.of(data),
        names(values.getOrDefault("--engines", "")),
        names(values.getOrDefault("--workloads", "")),
        Integer.parseInt(values.getOrDefault("--queries", String.valueOf(Integer.MAX_VALUE))),
        Integer.parseInt(values.getOrDefault("--k", "10")),
        Integer.parseInt(values.getOrDefault("--threads", "1")),
        Optional.ofNullable(values.get("--json")).map(Path::of));
  }

  /// The arguments that ask for the same with one engine.
  List<String> withEngine(String engine) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "--data",
                data.toString(),
                "--engines",
                engine,
                "--queries",
                String.valueOf(queries),
                "--k",
                String.valueOf(k),
                "--threads",
                String.valueOf(threads)));
    if (!workloads.isEmpty()) {
      args.addAll(List.of("--workloads", String.join(",", workloads)));
    }
    json.ifPresent(file -> args.addAll(List.of("--json", file.toString())));
    return args;
  }

  private static List<String> names(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(","));
  }
}
