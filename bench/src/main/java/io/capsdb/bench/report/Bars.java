package io.capsdb.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The ratios that are asked for on the data sets that `bench/run prepare` makes.
final class Bars {
  /// At recall 0.99 the generated sets ask for this part of the ratios.
  private static final double AT_99 = 0.8;

  private static final Predicate<String> ALL = EngineClass.ALL::has;

  private Bars() {}

  /// The bars of a data set; none where it is not known.
  static List<Bar> of(String dataset) {
    List<Bar> bars = new ArrayList<>();
    switch (dataset) {
      case "s1m" -> {
        for (double recall : new double[] {0.95, 0.99}) {
          double part = recall > 0.95 ? AT_99 : 1;
          List<String> weak = List.of("none", "range50");
          bars.add(new Bar(weak, "hnswlib C++", "hnswlib-cpp"::equals, recall, 1.7 * part, 3));
          bars.add(new Bar(weak, "best Java peer", EngineClass.JAVA::has, recall, 2.5 * part, 5));
          bars.add(all(recall, 6 * part, 13, "range10", "uniform10", "near10"));
          bars.add(all(recall, 10 * part, 20, "range1"));
          bars.add(
              new Bar(
                  List.of("range0.1"),
                  "sorted lists",
                  "exact-lists"::equals,
                  recall,
                  2.5 * part,
                  4));
          bars.add(all(recall, 15 * part, 50, "far10"));
          bars.add(all(recall, 10 * part, 20, "power3"));
        }
      }
      case "s100k" -> {
        for (double recall : new double[] {0.95, 0.99}) {
          double part = recall > 0.95 ? AT_99 : 1;
          bars.add(
              new Bar(List.of("none"), "hnswlib C++", "hnswlib-cpp"::equals, recall, 4 * part, 4));
          bars.add(
              all(
                  recall,
                  8 * part,
                  8,
                  "range50",
                  "range10",
                  "uniform10",
                  "near10",
                  "far10",
                  "range1",
                  "power3"));
          bars.add(
              new Bar(List.of("range0.1"), "sorted lists", "exact-lists"::equals, recall, part, 1));
        }
      }
      case "s100k-768" ->
          bars.add(all(0.95, 2, 2, "none", "range10", "uniform10", "near10", "far10"));
      case "passages" -> {
        both(bars, 1.6, 1.7, 3, "none");
        both(bars, 2.2, 1.7, 4, "own-group");
        both(bars, 3, 2.2, 5, "random10");
        both(bars, 1.7, 1.5, 3, "other-group");
        both(bars, 1.8, 1.8, 3, "random1");
        both(bars, 3.5, 3, 6, "three-way");
      }
      case "fashion" -> {
        both(bars, 1.5, 1.5, 3, "none");
        both(bars, 2, 2, 4, "own-label");
        both(bars, 2.5, 2.5, 5, "other-label");
      }
      case "products" -> {
        both(bars, 1.5, 1.5, 3, "none");
        both(bars, 1.5, 1.5, 3, "price10");
        both(bars, 1.5, 1.5, 3, "rating");
        both(bars, 1.5, 1.5, 3, "three-way");
        for (double recall : new double[] {0.95, 0.99}) {
          bars.add(
              new Bar(
                  List.of("none", "price10", "rating", "three-way"),
                  "exact scans",
                  EngineClass.EXACT::has,
                  recall,
                  1,
                  1));
        }
      }
      default -> {
        // Data of somebody else, about which nothing is asked.
      }
    }
    return bars;
  }

  /// A table with a line for each bar and workload; empty where nothing is asked.
  static String table(String dataset, Results results) {
    List<String> lines = new ArrayList<>();
    for (Bar bar : of(dataset)) {
      for (String workload : bar.workloads()) {
        Optional<String> line = bar.line(results, workload);
        line.ifPresent(lines::add);
      }
    }
    return lines.isEmpty()
        ? ""
        : "| workload | recall | against | must | aim | found | |\n|---|---|---|---|---|---|---|\n"
            + String.join("\n", lines)
            + "\n";
  }

  private static void both(List<Bar> bars, double at95, double at99, double aim, String workload) {
    bars.add(all(0.95, at95, aim, workload));
    bars.add(all(0.99, at99, aim, workload));
  }

  private static Bar all(double recall, double must, double aim, String... workloads) {
    return new Bar(List.of(workloads), "best of all peers", ALL, recall, must, aim);
  }
}
