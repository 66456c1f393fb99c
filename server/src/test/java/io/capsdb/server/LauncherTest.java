package io.capsdb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The launcher in a small copy of the repository, with a Java that tells what it was called with
/// and a Maven that notes that it was called.
class LauncherTest {
  @TempDir private Path temporary;
  private Path home;
  private Path jdk;
  private Path jar;
  private Path source;
  private final Map<String, String> environment = new java.util.HashMap<>();

  private record Run(int status, String out, String err) {}

  @BeforeEach
  void copyRepository() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "needs a POSIX shell");
    temporary = temporary.toRealPath();
    home = temporary.resolve("the repository");
    Path root = Path.of("..").toAbsolutePath();
    Files.createDirectories(home.resolve("config"));
    Files.copy(root.resolve("capsdb"), home.resolve("capsdb"));
    Files.copy(root.resolve("config/jvm.options"), home.resolve("config/jvm.options"));
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    source = home.resolve("server/src/main/java/A.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, "class A {}");
    jar = home.resolve("server/target/capsdb-server-9.jar");
    jdk = javaHome("jdk-25", "25.0.1");
    script(jdk.resolve("bin/javac"), "exit 1");
    script(
        temporary.resolve("bin/mvn"),
        """
        echo "mvn $* in $(pwd) with $JAVA25_HOME" >> "$MVN_LOG"
        echo 'Maven talks'
        [ -z "$MVN_FAILS" ] || exit 1
        case "$*" in *'-pl embeddings '*) module=embeddings ;; *) module=server ;; esac
        mkdir -p $module/target/lib && : > $module/target/capsdb-$module-9.jar
        """);
    environment.put("CAPSDB_JAVA_HOME", jdk.toString());
    environment.put("MVN_LOG", temporary.resolve("mvn.log").toString());
  }

  @Test
  void programRunsWithTheSharedFlagsAndItsArguments() throws Exception {
    fakeBuild();
    Run run = launch(home.resolve("capsdb"), "search", "--filter", "{\"a b\": '*'}", "");
    assertThat(run.status()).isEqualTo(7);
    List<String> args = run.out().lines().toList();
    assertThat(args)
        .startsWith("<--add-modules>", "<jdk.incubator.vector>")
        .contains("<-XX:+UseG1GC>", "<-cp>", "<" + jar + ":" + home + "/server/target/lib/*>")
        .endsWith("<io.capsdb.server.Main>", "<search>", "<--filter>", "<{\"a b\": '*'}>", "<>");
    assertThat(run.err()).isEmpty();
    assertThat(mavenCalls()).isEmpty();
  }

  @Test
  void worksThroughASymbolicLinkFromAnotherFolder() throws Exception {
    fakeBuild();
    Path links = Files.createDirectories(temporary.resolve("links"));
    Files.createSymbolicLink(links.resolve("first"), Path.of("../the repository/capsdb"));
    Path link = Files.createSymbolicLink(links.resolve("caps"), Path.of("first"));
    assertThat(launch(link, "--version").out()).contains("<" + jar + ":");
  }

  @Test
  void moreFlagsComeFromTheEnvironment() throws Exception {
    fakeBuild();
    environment.put("CAPSDB_OPTS", "-Xmx2g -Da=b");
    assertThat(launch(home.resolve("capsdb"), "x").out().lines())
        .containsSubsequence("<-XX:+UseG1GC>", "<-Xmx2g>", "<-Da=b>", "<-cp>");
  }

  @Test
  void javaOfAnotherVersionIsPassedOver() throws Exception {
    fakeBuild();
    environment.put("CAPSDB_JAVA_HOME", javaHome("jdk-17", "17.0.9").toString());
    environment.put("APP_JAVA_HOME", javaHome("jdk-250", "250").toString());
    environment.put("JAVA_HOME", jdk.toString());
    assertThat(launch(home.resolve("capsdb"), "x").out()).contains("<x>");
  }

  @Test
  void missingBuildIsMadeOnceWithAWord() throws Exception {
    Run first = launch(home.resolve("capsdb"), "--version");
    assertThat(first.status()).isEqualTo(7);
    assertThat(first.out()).contains("<--version>").doesNotContain("Maven talks");
    assertThat(first.err()).contains("there is no build yet; building with Maven, once");
    assertThat(mavenCalls())
        .containsExactly(
            "mvn -q -B -ntp -DskipTests -pl server -am package in " + home + " with " + jdk);
    launch(home.resolve("capsdb"), "--version");
    assertThat(mavenCalls()).hasSize(1);
  }

  @Test
  void staleBuildIsMadeAgain() throws Exception {
    fakeBuild();
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(3)));
    Run run = launch(home.resolve("capsdb"), "x");
    assertThat(run.err())
        .contains("server/src/main/java/A.java is newer than the build; building with Maven");
    assertThat(mavenCalls()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"train", "average", "embed", "experiment", "search --text=x", "search --model m"})
  void commandsWithModelsLoadTheModuleOfModels(String command) throws Exception {
    fakeBuild();
    Run run = launch(home.resolve("capsdb"), command.split(" "));
    assertThat(mavenCalls()).singleElement().asString().contains("-pl embeddings -am package");
    String jar = home + "/embeddings/target/capsdb-embeddings-9.jar";
    assertThat(run.out()).contains("<" + jar + ":" + home + "/embeddings/target/lib/*>");
  }

  @Test
  void otherCommandsDoWithoutIt() throws Exception {
    fakeBuild();
    Path newer = home.resolve("embeddings/src/main/java/B.java");
    Files.createDirectories(newer.getParent());
    Files.writeString(newer, "class B {}");
    Files.setLastModifiedTime(newer, FileTime.from(Instant.now().plusSeconds(3)));
    for (String command : new String[] {"serve", "load", "search"}) {
      assertThat(launch(home.resolve("capsdb"), command, "train").out())
          .doesNotContain("embeddings");
    }
    assertThat(mavenCalls()).isEmpty();
  }

  @Test
  void failedBuildIsTold() throws Exception {
    environment.put("MVN_FAILS", "yes");
    Run run = launch(home.resolve("capsdb"), "x");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).endsWith("capsdb: the build failed; see above\n");
  }

  private void fakeBuild() throws IOException {
    Files.createDirectories(home.resolve("server/target/lib"));
    Files.writeString(jar, "");
  }

  private Path javaHome(String name, String version) throws IOException {
    Path folder = Files.createDirectories(temporary.resolve(name));
    Files.writeString(folder.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    script(folder.resolve("bin/java"), "for arg; do printf '<%s>\\n' \"$arg\"; done; exit 7\n");
    return folder;
  }

  private static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private List<String> mavenCalls() throws IOException {
    Path log = temporary.resolve("mvn.log");
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  private Run launch(Path launcher, String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("/bin/sh", launcher.toString()));
    command.addAll(List.of(args));
    Path out = temporary.resolve("out");
    Path err = temporary.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(temporary.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    Map<String, String> variables = builder.environment();
    variables.keySet().removeIf(name -> name.contains("JAVA") || name.contains("CAPSDB"));
    variables.merge("PATH", temporary.resolve("bin").toString(), (old, own) -> own + ":" + old);
    variables.putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Run(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }
}
