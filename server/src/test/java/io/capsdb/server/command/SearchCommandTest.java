package io.capsdb.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.Point;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SearchCommandTest {
  private static final String RED =
      "{\"must\":[{\"key\":\"colour\",\"match\":{\"value\":\"red\"}}]}";
  private TestMachine machine;
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    machine = new TestMachine();
    server = new TestServer();
    Collection collection =
        server.database().createCollection("c", CollectionConfig.of(2, Metric.EUCLID));
    collection.upsert(
        List.of(
            Point.of(1, new float[] {0, 0}, Map.of("colour", "red", "tags", List.of("a", "b"))),
            Point.of(20, new float[] {3, 4}, Map.of("colour", "blue")),
            Point.of(300, new float[] {6, 8}, Map.of("colour", "red", "size", 2.5))));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void hitsAreATableWithTheirPayload() {
    assertThat(search("--vector", "[0, 0]")).isZero();
    assertThat(machine.out().lines().map(String::stripTrailing))
        .hasSize(4)
        .first()
        .asString()
        .startsWith("#   id    score");
    assertThat(machine.out())
        .containsPattern("1 +1 +0.0000 .*red")
        .containsPattern("2 +20 +5.0000 .*blue")
        .containsPattern("3 +300 +10.0000 .*red")
        .contains("a, b", "2.5");
  }

  @Test
  void filterAndLimitAreSent() {
    assertThat(search("--vector", "[3,4]", "--filter", RED, "--limit", "1")).isZero();
    assertThat(machine.out().lines()).hasSize(2);
    assertThat(machine.out()).contains("red").doesNotContain("blue");
  }

  @Test
  void storedPointIsLeftOutOfItsOwnNeighbours() {
    assertThat(search("--id", "20")).isZero();
    assertThat(machine.out().lines()).hasSize(3);
    assertThat(machine.out()).doesNotContain("blue");
  }

  @Test
  void queryCanBeARowOfAFile() throws IOException {
    String file = machine.file("q.jsonl", "{\"vector\":[0,0]}\n{\"vector\":[6,8]}\n");
    assertThat(search("--row", file + ":1", "--limit", "1")).isZero();
    assertThat(machine.out()).contains("300");
    assertThat(search("--row", file + ":2")).isEqualTo(2);
    assertThat(machine.err()).contains("--row: row 2, but there are 2 rows");
  }

  @Test
  void planIsShownWhenAsked() {
    assertThat(search("--vector", "[0,0]", "--filter", RED, "--explain")).isZero();
    assertThat(machine.out())
        .contains("how it was searched", "plan: exact", "filter: colour = ", "rows scored: 2");
    assertThat(search("--vector", "[0,0]")).isZero();
    assertThat(machine.out()).doesNotContain("plan");
  }

  @Test
  void nothingFoundIsSaid() {
    String none = RED.replace("red", "green");
    assertThat(search("--vector", "[0,0]", "--filter", none)).isZero();
    assertThat(machine.out().strip()).isEqualTo("no point matches");
  }

  @Test
  void jsonIsPrintedAsItIs() {
    assertThat(search("--vector", "[0,0]", "--json")).isZero();
    assertThat(machine.out()).startsWith("{").contains("\"points\"");
  }

  @Test
  void serversErrorsAreTold() {
    assertThat(search("--vector", "[0,0,0]")).isEqualTo(2);
    assertThat(machine.err()).contains("dimension 3").contains("dimension 2");
    assertThat(search("--id", "4")).isEqualTo(1);
    assertThat(machine.err()).contains("4");
    assertThat(machine.run("search", "--url", server.url(), "--collection", "no", "--id", "1"))
        .isEqualTo(1);
    assertThat(machine.err()).contains("collection 'no' doesn't exist");
  }

  private int search(String... more) {
    List<String> args = new ArrayList<>(List.of("search", "--url", server.url()));
    args.addAll(List.of("--collection", "c"));
    args.addAll(List.of(more));
    return machine.run(args.toArray(String[]::new));
  }
}
