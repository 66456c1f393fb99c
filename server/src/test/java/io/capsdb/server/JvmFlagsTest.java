package io.capsdb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class JvmFlagsTest {
  /// The flags stand twice, because neither Maven nor a shell can read the other's file.
  @Test
  void launcherAndTestsUseTheSameFlags() throws IOException {
    Path root = Path.of("..").toAbsolutePath();
    String pom = Files.readString(root.resolve("pom.xml"));
    Matcher flags =
        Pattern.compile("<capsdb\\.jvm\\.flags>(.*)</capsdb\\.jvm\\.flags>").matcher(pom);
    assertThat(flags.find()).isTrue();
    String options =
        String.join(" ", Files.readAllLines(root.resolve("config").resolve("jvm.options")));
    assertThat(options).isEqualTo(flags.group(1));
  }
}
