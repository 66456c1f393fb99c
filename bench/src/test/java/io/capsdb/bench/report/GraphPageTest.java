package io.capsdb.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphPageTest {
  private static Point point(String engine, String workload, double recall, double qps) {
    return new Point("set", 10, 1, engine, workload, 0.1, "x", recall, qps, qps, 1, 2);
  }

  private static Build build(String engine, double seconds) {
    return new Build("set", engine, seconds, seconds, 1_000, "1", "defaults");
  }

  private static String page(List<Point> points, List<Build> builds) {
    Run run = new Run("set", "", true, 100, 8, "euclid", "abc", "bench/run peers", "2 cores");
    return new GraphPage(new Results(points, builds, List.of(run), Map.of())).write();
  }

  @Test
  void barsThatAreReachedPass() {
    String page =
        page(
            List.of(
                point("graph", "none", 0.96, 1_200),
                point("lucene", "none", 0.95, 1_000),
                point("hnswlib-cpp", "none", 0.95, 2_000),
                point("graph-acorn", "range1", 0.9, 900),
                point("graph-acorn", "range1", 0.97, 500),
                point("capsdb", "own-label", 0.97, 9_000),
                point("stitched-vamana", "own-label", 0.97, 5_000),
                point("filtered-vamana", "own-label", 0.97, 4_000)),
            List.of(build("graph", 14), build("lucene", 10)));
    assertThat(page)
        .contains(
            "| set | rate without a filter against lucene, recall 0.95 | ≥ 1.0 × | 1.20 × | PASS |",
            "against hnswlib-cpp, recall 0.95 | ≥ 0.6 × | 0.60 × | PASS |",
            "build against lucene | ≤ 1.5 × | 1.40 × | PASS |",
            "our walk over matches can reach, range1 | ≥ 0.95 | 0.970 | PASS |",
            "| 9.00k, 5.00k, 4.00k | PASS |",
            "| graph-acorn | – | – | 0.970 |")
        .doesNotContain("FAIL", "recall 0.99 |");
  }

  @Test
  void barsThatAreMissedFail() {
    String page =
        page(
            List.of(
                point("graph", "none", 0.96, 900),
                point("lucene", "none", 0.95, 1_000),
                point("graph-acorn-1", "range10", 0.94, 500),
                point("capsdb", "own-label", 0.97, 4_500),
                point("stitched-vamana", "own-label", 0.97, 5_000),
                point("filtered-vamana", "own-label", 0.97, 4_000)),
            List.of(build("graph", 16), build("lucene", 10)));
    assertThat(page.lines().filter(line -> line.endsWith("| FAIL |"))).hasSize(4);
    assertThat(page).doesNotContain("PASS");
  }
}
