package io.capsdb.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void numbersStandRightAndWordsLeft() {
    Table table = new Table(List.of("id", "score", "name"));
    table.add(List.of("7", "0.5000", "Coat"));
    table.add(List.of("1000", "12.2500", ""));
    assertThat(table.lines())
        .containsExactly("  id    score  name", "   7   0.5000  Coat", "1000  12.2500");
  }

  @Test
  void controlCharactersDoNotReachTheTerminal() {
    Table table = new Table(List.of("a"));
    table.add(List.of("x\033[2Jy\nz"));
    assertThat(table.lines()).containsExactly("a", "x [2Jy z");
  }

  @Test
  void longTextIsCut() {
    assertThat(Table.cell("x".repeat(100))).hasSize(40).endsWith("x…");
    assertThat(Table.cell("x".repeat(40))).isEqualTo("x".repeat(40));
  }

  @Test
  void rowOfAnotherLengthIsRefused() {
    assertThatThrownBy(() -> new Table(List.of("a")).add(List.of("1", "2")))
        .hasMessage("a row has 2 cells, the header 1");
  }
}
