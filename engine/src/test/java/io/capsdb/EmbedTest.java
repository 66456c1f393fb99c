package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The program in the README compiles and runs on the class path that a user of the library gets,
/// with the flags of the launcher and with none.
@Timeout(120)
class EmbedTest {
  private static final String HEADING = "## Embed it in Java";
  private static final String VECTOR_FLAG = "--add-modules jdk.incubator.vector";

  private static final Path MODULE =
      Path.of(Objects.requireNonNullElse(System.getProperty("basedir"), "")).toAbsolutePath();
  private static final Path ROOT = Objects.requireNonNull(MODULE.getParent());

  @TempDir Path folder;
  private String classPath = "";

  /// What a run of the program left.
  private record Ran(List<String> out, List<String> err) {
    List<String> hits() {
      return out.stream().filter(line -> line.matches("[0-9]+ .*")).toList();
    }
  }

  @BeforeEach
  void compile() throws IOException {
    classPath =
        MODULE.resolve("target/classes")
            + File.pathSeparator
            + Files.readString(MODULE.resolve("target/class-path")).strip();
    Path source = Files.writeString(folder.resolve("Embed.java"), program());
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                System.err,
                System.err,
                "-Xlint:all",
                "-Werror",
                "-cp",
                classPath,
                "-d",
                folder.toString(),
                source.toString());
    assertThat(status).as("javac, see above").isZero();
  }

  private static String program() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    Matcher block = Pattern.compile("```java\n(.*?)\n```", Pattern.DOTALL).matcher(section(readme));
    assertThat(block.find()).as("a java block under '%s' in README.md", HEADING).isTrue();
    assertThat(block.group(1)).contains("class Embed ").contains("void main(");
    return block.group(1);
  }

  private static String section(String readme) {
    int from = readme.indexOf(HEADING);
    assertThat(from).as("the heading '%s' in README.md", HEADING).isNotNegative();
    int to = readme.indexOf("\n## ", from);
    return readme.substring(from, to < 0 ? readme.length() : to);
  }

  @Test
  void libraryDragsAlongLittle() {
    List<String> jars =
        Stream.of(classPath.split(File.pathSeparator))
            .skip(1)
            .map(entry -> String.valueOf(Path.of(entry).getFileName()))
            .map(name -> name.replaceAll("-[0-9].*", ""))
            .toList();
    assertThat(jars)
        .containsExactlyInAnyOrder(
            "capsdb-core",
            "capsdb-storage",
            "capsdb-index-caps",
            "capsdb-formats",
            "RoaringBitmap",
            "jackson-core",
            "fastcsv");
    assertThat(classPath).doesNotContain("vertx", "databind", "picocli");
  }

  @Test
  void programRunsWithTheFlagsOfTheLauncher() throws Exception {
    List<String> flags = new ArrayList<>();
    for (String line : Files.readAllLines(ROOT.resolve("config/jvm.options"))) {
      if (!line.isBlank() && !line.startsWith("#")) {
        flags.addAll(List.of(line.strip().split(" +")));
      }
    }
    Ran ran = run(flags);
    assertRight(ran);
    assertThat(String.join("\n", ran.err())).doesNotContain("plain distance kernels");
  }

  @Test
  void programRunsWithoutFlagsAndIsToldOnceWhichOneHelps() throws Exception {
    Ran ran = run(List.of());
    assertRight(ran);
    assertThat(ran.err().stream().filter(line -> line.contains(VECTOR_FLAG))).hasSize(1);
    // The logger of the JDK writes two lines for each record: when and where, and what.
    assertThat(ran.err()).hasSize(2);
  }

  private static void assertRight(Ran ran) {
    assertThat(ran.hits()).hasSize(1);
    assertThat(ran.hits().getFirst()).startsWith("1 0.99").contains("kind=shoe", "price=80");
    assertThat(ran.out()).contains("plan: exact");
  }

  private Ran run(List<String> flags) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", folder + File.pathSeparator + classPath, "Embed"));
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    Ran ran =
        new Ran(
            Files.readAllLines(out, StandardCharsets.UTF_8),
            Files.readAllLines(err, StandardCharsets.UTF_8));
    assertThat(process.exitValue()).as("%s", ran).isZero();
    return ran;
  }
}
