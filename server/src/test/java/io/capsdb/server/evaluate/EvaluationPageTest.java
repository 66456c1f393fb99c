package io.capsdb.server.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationPageTest {
  private static Evaluation.Run run(String setting, double asked, double recall, double rate) {
    return new Evaluation.Run(
        setting,
        asked,
        recall,
        List.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 9),
        rate,
        1e6 / rate,
        1.5e6 / rate,
        2e6 / rate,
        123.4,
        0,
        0);
  }

  static Evaluation evaluation() {
    return new Evaluation(
        "films <1>",
        60_000,
        784,
        "EUCLID",
        10,
        10,
        1.5,
        12.25,
        "1.2.3",
        List.of(new Evaluation.Index("caps", 1_500_000, 4.5), new Evaluation.Index("exact", 0, -1)),
        List.of(
            new Evaluation.Workload(
                "none",
                "everything",
                1,
                List.of(
                    new Evaluation.Series(
                        "caps",
                        List.of(
                            run("recall 0.9", 0.9, 0.93, 5_000),
                            run("recall 0.99", 0.99, 0.995, 2_000))),
                    new Evaluation.Series("exact", List.of(run("all", -1, 1, 90))))),
            new Evaluation.Workload(
                "label = \"x & y\"",
                "label = \"x & y\"",
                0.004,
                List.of(
                    new Evaluation.Series("caps", List.of(run("recall 0.9", 0.9, 0.9, 7_000))),
                    new Evaluation.Series("exact", List.of(run("all", -1, 1, 9_000)))))),
        List.of("a note"));
  }

  @Test
  void thePageNeedsNothingElseAndRunsNothing() {
    String page = EvaluationPage.of(evaluation());
    assertThat(page)
        .startsWith("<!doctype html>")
        .contains("name=\"viewport\"", "prefers-color-scheme:dark", "<svg viewBox")
        .doesNotContain("http:", "https:", "<script", "url(", "@import", "src=", "NaN", "Infinity");
  }

  /// A chart is drawn half as wide there as it is made, and its letters half as large.
  @Test
  void lettersOfChartsAreLargerOnAPhone() {
    assertThat(EvaluationPage.of(evaluation()))
        .contains("@media(max-width:40rem){svg text{font-size:20px}}");
  }

  @Test
  void eachIndexHasAColourOfItsOwn() {
    List<Evaluation.Series> all =
        java.util.Arrays.stream(Contender.values())
            .map(each -> new Evaluation.Series(each.word(), List.of(run("x", -1, 0.9, 100))))
            .toList();
    Evaluation one = evaluation();
    String page =
        EvaluationPage.of(
            new Evaluation(
                one.name(),
                one.points(),
                one.dimension(),
                one.metric(),
                one.k(),
                one.queries(),
                one.truthSeconds(),
                one.seconds(),
                one.version(),
                one.indexes(),
                List.of(new Evaluation.Workload("none", "everything", 1, all)),
                one.notes()));
    for (int i = 0; i < all.size(); i++) {
      assertThat(page)
          .contains("<i class=\"c" + i + "\"></i>" + all.get(i).index())
          .contains("--c" + i + ":#", ".line.c" + i + "{");
    }
  }

  @Test
  void namesAreWrittenAsText() {
    assertThat(EvaluationPage.of(evaluation()))
        .contains("films &lt;1&gt;", "label = &quot;x &amp; y&quot;")
        .doesNotContain("films <1>");
  }

  @Test
  void eachElementIsClosed() {
    String page = EvaluationPage.of(evaluation());
    for (String element :
        List.of("figure", "figcaption", "svg", "table", "tr", "td", "p", "h2", "div", "text")) {
      assertThat(page.split("<" + element + "[ >]", -1).length)
          .as(element)
          .isEqualTo(page.split("</" + element + ">", -1).length)
          .isGreaterThan(1);
    }
  }

  @Test
  void anEvaluationIsReadBackFromItsJson() throws IOException {
    String json = EvaluationJson.write(evaluation());
    assertThat(json).contains("\"truth_seconds\"", "\"rows_scored\"", "\"build_seconds\"");
    assertThat(EvaluationJson.read(new ObjectMapper().readTree(json))).isEqualTo(evaluation());
  }

  @Test
  void theTableHasALineForEachRun() {
    List<List<String>> rows = EvaluationTable.rows(evaluation());
    assertThat(rows).hasSize(5).allMatch(row -> row.size() == EvaluationTable.HEADER.size());
    assertThat(rows.get(1))
        .containsExactly(
            "none", "100 %", "caps", "recall 0.99", "0.9950", "2000", "500", "750", "1000", "123");
    assertThat(rows.get(3).get(1)).isEqualTo("0.40 %");
    assertThat(EvaluationTable.head(evaluation()))
        .contains("caps: built in 4.5 s, 1500.0 kB", "exact: build time not known, 0.0 kB");
    assertThat(EvaluationTable.foot(evaluation())).contains("a note");
  }
}
