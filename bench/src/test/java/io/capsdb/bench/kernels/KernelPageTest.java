package io.capsdb.bench.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KernelPageTest {
  /// 10 GB/s.
  private static final Figure READ = widest("read-memory", 1_024, 409.6, 4_096);

  private static Figure widest(String name, int dimension, double nanos, int bytes) {
    return new Figure(KernelPage.WIDEST, name, dimension, nanos, bytes);
  }

  private static String page(List<Figure> java, List<Figure> c) {
    return new KernelPage(java, c).text("Machine: a test.");
  }

  @Test
  void barsCompareWithTheFasterReadOfBothLanguages() {
    // 9 GB/s
    Figure memory = widest("EUCLID-memory", 128, 512 / 9.0, 512);
    assertThat(page(List.of(READ, memory), List.of()))
        .contains("EUCLID from memory, 128: at least 85 % of the read bandwidth | 90 % | PASS");
    Figure faster = widest("read-memory", 1_024, 409.6 / 1.2, 4_096);
    assertThat(page(List.of(READ, memory), List.of(faster)))
        .contains("EUCLID from memory, 128: at least 85 % of the read bandwidth | 75 % | **FAIL**");
  }

  @Test
  void kernelsInCacheAreComparedWithC() {
    Figure own = widest("DOT-block", 384, 10, 1_536);
    assertThat(page(List.of(own), List.of(widest("DOT-block", 384, 7.6, 1_536))))
        .contains("DOT in cache, 384: at least 75 % of C | 76 % | PASS")
        .contains("| DOT-block | 384 | widest | 10.00 | 153.6 | 7.60 | 76 % |");
    assertThat(page(List.of(own), List.of(widest("DOT-block", 384, 7.4, 1_536))))
        .contains("DOT in cache, 384: at least 75 % of C | 74 % | **FAIL**");
  }

  @Test
  void scansAreHeldToTheirBars() {
    assertThat(page(List.of(READ, widest("scan-cache", 128, 0.35, 24)), List.of()))
        .contains("1-bit scan in cache, 128: at most 0.35 ns a row | 0.35 ns | PASS");
    assertThat(page(List.of(READ, widest("scan-cache", 128, 0.36, 24)), List.of()))
        .contains("1-bit scan in cache, 128: at most 0.35 ns a row | 0.36 ns | **FAIL**");
    assertThat(page(List.of(READ, widest("scan-memory", 128, 3, 24)), List.of()))
        .contains("1-bit scan from memory, 128: at least 85 % of the read bandwidth | 80 % |");
  }

  @Test
  void barsWithoutYardstickAreOpenAndNarrowWidthsCountForNone() {
    Figure narrow = new Figure("-XX:UseAVX=2", "scan-cache", 128, 0.1, 24);
    assertThat(page(List.of(narrow, widest("DOT-block", 384, 10, 1_536)), List.of()))
        .contains("DOT in cache, 384: at least 75 % of C | not measured | OPEN")
        .contains("1-bit scan in cache, 128: at most 0.35 ns a row | not measured | OPEN");
  }
}
