package io.capsdb.server.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.capsdb.io.LocalDisk;
import io.capsdb.server.http.HttpConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServeSettingsTest {
  @TempDir private Path folder;

  private static HttpConfig apply(Map<String, String> flags) {
    return ServeSettings.of(flags, Map.of(), Map.of())
        .apply(HttpConfig.defaults("1.2.3"), new LocalDisk());
  }

  @Test
  void aFlagCountsMoreThanAVariableAndThatMoreThanTheFile() {
    ServeSettings settings =
        ServeSettings.of(
            Map.of("port", "1"),
            Map.of("CAPSDB_PORT", "2", "CAPSDB_AUDIT", "true", "HOME", "x"),
            Map.of("port", "3", "audit", "false", "idle-seconds", "7"));
    assertThat(settings.text("port")).isEqualTo("1");
    assertThat(settings.flag("audit")).isTrue();
    assertThat(settings.whole("idle-seconds", 1, 100)).isEqualTo(7);
    assertThat(settings.text("host")).isEqualTo("127.0.0.1");
  }

  @Test
  void allSettingsAreShownAndNoKey() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ServeSettings.of(Map.of("api-key", "a-secret-of-mine"), Map.of("CAPSDB_PORT", "7"), Map.of())
        .print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    String shown = bytes.toString(StandardCharsets.UTF_8);
    assertThat(shown.lines()).hasSize(ServeSettings.ALL.size());
    assertThat(shown)
        .contains("CAPSDB_READ_ONLY_API_KEY", "(set, not shown)")
        .containsPattern("port +7 +from CAPSDB_PORT")
        .doesNotContain("a-secret-of-mine");
  }

  @Test
  void aNetworkNeedsAKeyOrAWord() {
    assertThatThrownBy(() -> apply(Map.of("host", "0.0.0.0")))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--open-to-network");
    assertThat(apply(Map.of("host", "0.0.0.0", "open-to-network", "true")).access().isOpen())
        .isTrue();
    assertThat(apply(Map.of("host", "0.0.0.0", "api-key", "a-secret-of-mine")).access().keys())
        .hasSize(1);
    assertThat(apply(Map.of("host", "::1")).host()).isEqualTo("::1");
    assertThat(apply(Map.of("host", "localhost")).host()).isEqualTo("localhost");
  }

  @Test
  void valuesAreHeldAgainstTheirBounds() {
    for (Map<String, String> wrong :
        java.util.List.of(
            Map.of("port", "65536"),
            Map.of("port", "x"),
            Map.of("audit", "yes"),
            Map.of("idle-seconds", "0"),
            Map.of("api-key", "short"),
            Map.of("tls-cert", "a.pem"),
            Map.of("nonsense", "1"))) {
      assertThatThrownBy(() -> apply(wrong)).as("%s", wrong).isInstanceOf(UsageException.class);
    }
    HttpConfig config = apply(Map.of("max-body-mib", "2", "workers", "3", "queue", "4"));
    assertThat(config.limits().maxBodyBytes()).isEqualTo(2 << 20);
    assertThat(config.limits().workers()).isEqualTo(3);
    assertThat(config.limits().queue()).isEqualTo(4);
  }

  @Test
  void aFileHoldsOneSettingALine() throws IOException {
    Path file = folder.resolve("capsdb.yaml");
    Files.writeString(file, "# mine\nport: 7333\naudit: true\napi-key: a-secret-of-mine\n");
    assertThat(ServeSettings.read(new LocalDisk(), file))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("port", "7333", "audit", "true", "api-key", "a-secret-of-mine"));
    Files.writeString(file, "");
    assertThat(ServeSettings.read(new LocalDisk(), file)).isEmpty();
    for (String wrong : new String[] {"- 1", "port: [1]", "port: 1\n  x: : :"}) {
      Files.writeString(file, wrong);
      assertThatThrownBy(() -> ServeSettings.read(new LocalDisk(), file))
          .isInstanceOf(UsageException.class);
    }
  }
}
