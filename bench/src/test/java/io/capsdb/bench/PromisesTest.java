package io.capsdb.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The promises of the README stand on the page about durability too, each with tests that are
/// there.
class PromisesTest {
  private static final Path ROOT = Path.of("..");

  private static List<String> promises(String file) throws IOException {
    String text = Files.readString(ROOT.resolve(file));
    return Pattern.compile("(?m)^([1-5])\\. (.+(?:\n {3}.+)*)")
        .matcher(text)
        .results()
        .map(result -> result.group(1) + " " + result.group(2))
        .limit(5)
        .toList();
  }

  @Test
  void readmeAndDocumentationPromiseTheSame() throws IOException {
    List<String> promises = promises("README.md");
    assertThat(promises).hasSize(5).isEqualTo(promises("docs/durability.md"));
    assertThat(promises.getFirst()).startsWith("1 A write that was answered with success");
  }

  @Test
  void eachPromiseHasTests() throws IOException {
    String text = Files.readString(ROOT.resolve("docs/durability.md"));
    String tests;
    try (Stream<Path> files = Files.walk(ROOT)) {
      tests =
          files
              .filter(file -> file.toString().contains("src/test/java"))
              .map(file -> String.valueOf(file.getFileName()))
              .collect(Collectors.joining(" "));
    }
    for (int promise = 1; promise <= 5; promise++) {
      var row = Pattern.compile("(?m)^\\| " + promise + " \\| (.+) \\|$").matcher(text);
      assertThat(row.find()).as("promise %d", promise).isTrue();
      List<String> named =
          Pattern.compile("`([A-Z][A-Za-z]+Test)`")
              .matcher(row.group(1))
              .results()
              .map(result -> result.group(1) + ".java")
              .toList();
      assertThat(named).as("promise %d", promise).isNotEmpty();
      assertThat(tests).contains(named);
    }
  }

  /// What replays a bug that was found names a test in its module, and nothing else.
  @Test
  void eachBugHasATestOfItsOwn() throws IOException {
    String text = Files.readString(ROOT.resolve("docs/durability.md"));
    String table = text.substring(text.indexOf("## What these tests found"));
    List<String> rows = table.lines().filter(line -> line.startsWith("| ")).skip(1).toList();
    assertThat(rows).hasSizeGreaterThan(5).doesNotHaveDuplicates();
    for (String row : rows) {
      var command =
          Pattern.compile(
                  "`mvn -pl ([a-z-]+) -am test -Dtest=([A-Za-z]+)#([A-Za-z]+)"
                      + " -Dsurefire.failIfNoSpecifiedTests=false`")
              .matcher(row);
      assertThat(command.find()).as(row).isTrue();
      try (Stream<Path> files = Files.walk(ROOT.resolve(command.group(1)).resolve("src/test"))) {
        Path file =
            files
                .filter(path -> path.endsWith(command.group(2) + ".java"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(row));
        assertThat(Files.readString(file)).as(row).contains("void " + command.group(3) + "(");
      }
    }
  }
}
