package io.capsdb.server.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The report in a headless Chromium: opened from the disk, wide and narrow, light and dark. The
/// environment variable `CHROMIUM` names it, `chromium` otherwise. Screenshots stay in
/// `target/screenshots`.
@Tag("browser")
@Timeout(240)
class BrowserTest {
  /// Asks the page itself what it looks like; put into a copy of it.
  private static final String PROBE =
      """
      <script>
      const wide = [...document.querySelectorAll('body *')].filter(e => !e.closest('.wide')
          && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1);
      document.title = 'probe width=' + document.documentElement.scrollWidth
          + ' view=' + document.documentElement.clientWidth
          + ' charts=' + document.querySelectorAll('svg').length
          + ' drawn=' + document.querySelectorAll('polyline').length
          + ' out=' + wide.length
          + ' ground=' + getComputedStyle(document.body).backgroundColor.replaceAll(' ', '')
          + ' ink=' + getComputedStyle(document.body).color.replaceAll(' ', '')
          + ' requests=' + performance.getEntriesByType('resource').length;
      </script>
      """;

  @TempDir Path folder;
  private Path page = Path.of("");

  @BeforeEach
  void write() throws IOException {
    String html = EvaluationPage.of(EvaluationPageTest.evaluation());
    page = Files.writeString(folder.resolve("report.html"), html);
    Files.writeString(folder.resolve("probed.html"), html.replace("</body>", PROBE + "</body>"));
  }

  /// What a run printed.
  private record Ran(int status, String out, String err) {}

  private Ran chromium(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Objects.requireNonNullElse(System.getenv("CHROMIUM"), "chromium"));
    command.addAll(
        List.of(
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--enable-logging=stderr",
            "--user-data-dir=" + folder.resolve("profile")));
    command.addAll(arguments);
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("chromium ends").isTrue();
    return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /// What the probe says of a width and a scheme.
  private String probe(int width, boolean isDark) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>();
    arguments.add("--window-size=" + width + ",900");
    if (isDark) {
      arguments.add("--blink-settings=preferredColorScheme=0");
    }
    arguments.add("--dump-dom");
    arguments.add(folder.resolve("probed.html").toUri().toString());
    Ran ran = chromium(arguments);
    assertThat(ran.status()).as(ran.err()).isZero();
    requireNoErrors(ran);
    int from = ran.out().indexOf("<title>probe");
    assertThat(from).as("the probe ran: %s", ran.err()).isNotNegative();
    return ran.out().substring(from, ran.out().indexOf("</title>", from));
  }

  private static void requireNoErrors(Ran ran) {
    assertThat(ran.err().lines().filter(line -> line.contains("CONSOLE"))).isEmpty();
  }

  @Test
  void nothingIsWiderThanAPhone() throws IOException, InterruptedException {
    // Chromium's windows are no narrower than this.
    assertThat(probe(500, false))
        .contains("width=500", "view=500", "charts=6", "out=0", "requests=0");
    assertThat(probe(1_280, false)).contains("out=0", "requests=0");
  }

  @Test
  void lightAndDarkAreBothReadable() throws IOException, InterruptedException {
    assertThat(probe(1_000, false)).contains("ground=rgb(255,255,255)", "ink=rgb(29,37,48)");
    assertThat(probe(1_000, true)).contains("ground=rgb(18,22,28)", "ink=rgb(228,232,238)");
  }

  @Test
  void picturesOfItAreTaken() throws IOException, InterruptedException {
    Path pictures = Files.createDirectories(Path.of("target/screenshots").toAbsolutePath());
    for (boolean isDark : new boolean[] {false, true}) {
      for (int width : new int[] {500, 1_200}) {
        Path picture = pictures.resolve("report-" + (isDark ? "dark-" : "light-") + width + ".png");
        Files.deleteIfExists(picture);
        List<String> arguments = new ArrayList<>();
        arguments.add("--window-size=" + width + ",2400");
        if (isDark) {
          arguments.add("--blink-settings=preferredColorScheme=0");
        }
        arguments.add("--screenshot=" + picture);
        arguments.add(page.toUri().toString());
        Ran ran = chromium(arguments);
        requireNoErrors(ran);
        assertThat(Files.size(picture)).as(ran.err()).isGreaterThan(10_000);
      }
    }
  }
}
