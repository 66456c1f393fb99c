package io.capsdb.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private static final long SECOND = 1_000_000_000L;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long now = 77 * SECOND;

  @Test
  void terminalShowsBarRateAndTimeLeft() {
    Progress progress = progress(true, StandardCharsets.UTF_8);
    now += 10 * SECOND;
    progress.show(25_000, OptionalLong.of(100_000), 0.25);
    assertThat(text())
        .isEqualTo(
            "\r\033[Kloading [██████░░░░░░░░░░░░░░░░░░] 25 %  25,000 of 100,000 rows  2,500/s  0:30 left");
  }

  @Test
  void plainBarWhereBlocksCannotBeShown() {
    Progress progress = progress(true, StandardCharsets.US_ASCII);
    now += SECOND;
    progress.show(50, OptionalLong.empty(), 0.5);
    assertThat(text())
        .isEqualTo("\r\033[Kloading [############------------] 50 %  50 rows  50/s  0:01 left");
  }

  @Test
  void terminalIsNotRedrawnTooOften() {
    Progress progress = progress(true, StandardCharsets.UTF_8);
    progress.show(1, OptionalLong.empty(), 0.1);
    String first = text();
    now += SECOND / 100;
    progress.show(2, OptionalLong.empty(), 0.2);
    assertThat(text()).isEqualTo(first);
    now += SECOND / 10;
    progress.show(3, OptionalLong.empty(), 0.3);
    assertThat(text()).startsWith(first).hasSizeGreaterThan(first.length());
  }

  @Test
  void elsewhereALineIsPrintedEveryFiveSeconds() {
    Progress progress = progress(false, StandardCharsets.UTF_8);
    for (int tenth = 1; tenth <= 105; tenth++) {
      now += SECOND / 10;
      progress.show(100L * tenth, OptionalLong.empty(), tenth / 130.0);
    }
    progress.clear();
    assertThat(text().lines())
        .containsExactly(
            "loading: 38 %  5,000 rows  1,000/s  0:08 left",
            "loading: 77 %  10,000 rows  1,000/s  0:03 left");
  }

  @Test
  void noteTakesTheBarAwayFirst() {
    Progress progress = progress(true, StandardCharsets.US_ASCII);
    progress.show(1, OptionalLong.empty(), 0);
    bytes.reset();
    progress.note("left out a.csv:7: no");
    assertThat(text()).isEqualTo("\r\033[Kleft out a.csv:7: no" + System.lineSeparator());
  }

  @Test
  void rateIsNotToldBeforeItMeansSomething() {
    Progress progress = progress(true, StandardCharsets.US_ASCII);
    now += SECOND / 4;
    progress.show(5, OptionalLong.empty(), 0.5);
    assertThat(text()).endsWith("50 %  5 rows");
  }

  @Test
  void timeThatPassedIsToldWhileNothingIsDone() {
    Progress progress = progress(true, StandardCharsets.US_ASCII);
    now += 12 * SECOND;
    progress.show(0, OptionalLong.of(8_000), 0);
    assertThat(text()).endsWith(" 0 %  0 of 8,000 rows  0:12 so far");
  }

  @Test
  void timeIsShownInMinutesAndHours() {
    assertThat(Progress.clock(0)).isEqualTo("0:00");
    assertThat(Progress.clock(61.4)).isEqualTo("1:01");
    assertThat(Progress.clock(3_725)).isEqualTo("1:02:05");
    assertThat(Progress.clock(Double.POSITIVE_INFINITY)).isEqualTo("99:59:59");
  }

  private Progress progress(boolean isTerminal, Charset charset) {
    PrintStream out = new PrintStream(bytes, true, charset);
    return new Progress(new Screen(out, out, isTerminal, false), () -> now, "loading", "rows");
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
