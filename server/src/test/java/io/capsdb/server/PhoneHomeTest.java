package io.capsdb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Chronicle Map reports over the network who uses it, unless it is told not to and its library for
/// that is not there. Both hold for the program.
class PhoneHomeTest {
  @Test
  void noLibraryThatReportsIsOnTheClassPath() {
    assertThat(System.getProperty("java.class.path"))
        .contains("chronicle-map")
        .doesNotContain("analytics");
    assertThat(PhoneHomeTest.class.getResource("/net/openhft/chronicle/analytics/Analytics.class"))
        .isNull();
  }

  @Test
  void theLauncherSwitchesReportsOff() throws IOException {
    assertThat(Files.readAllLines(Path.of("..", "config", "jvm.options")))
        .contains("-Dchronicle.analytics.disable=true");
    assertThat(System.getProperty("chronicle.analytics.disable")).isEqualTo("true");
  }
}
