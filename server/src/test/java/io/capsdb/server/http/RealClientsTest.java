package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The published clients, unmodified, against a server that asks for a key, and random operations
/// against the local mode of one of them. Needs Python with `venv`, Node.js with npm, and
/// registries that answer: `mvn verify -Preal-clients`.
@Tag("real-clients")
class RealClientsTest {
  private static final String KEY = "the-key-of-the-real-clients";
  private static final int TWIN_SEEDS = 4;
  private static final Path SCRIPTS = Path.of("src/test/clients").toAbsolutePath();
  private static final Path PLACE = Path.of("target/real-clients").toAbsolutePath();

  private static ApiClient server() {
    return new ApiClient(
        Database.inMemory(),
        HttpConfig.defaults("0.1.0-test")
            .withAccess(Access.OPEN.with(Access.Key.of("first", Access.Role.WRITE, KEY))));
  }

  private static String run(Path folder, String... command) throws Exception {
    Files.createDirectories(folder);
    Path log = Files.createTempFile("client", ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean isDone = process.waitFor(10, TimeUnit.MINUTES);
    process.destroyForcibly();
    String output = Files.readString(log);
    Files.delete(log);
    assertThat(isDone && process.exitValue() == 0).as("%s: %s", List.of(command), output).isTrue();
    return output;
  }

  @Test
  void pythonClient() throws Exception {
    Path venv = PLACE.resolve("python");
    if (!Files.exists(venv.resolve("bin/python"))) {
      run(PLACE, "python3", "-m", "venv", venv.toString());
    }
    String python = venv.resolve("bin/python").toString();
    run(
        PLACE,
        python,
        "-m",
        "pip",
        "install",
        "-q",
        "-r",
        SCRIPTS.resolve("python/requirements.txt").toString());
    try (ApiClient server = server()) {
      assertThat(
              run(
                  PLACE,
                  python,
                  SCRIPTS.resolve("python/scenario.py").toString(),
                  "http://127.0.0.1:" + server.server.port(),
                  KEY))
          .contains("python client: all passed");
      for (int seed = 1; seed <= TWIN_SEEDS; seed++) {
        assertThat(
                run(
                    PLACE,
                    python,
                    SCRIPTS.resolve("python/twin.py").toString(),
                    "http://127.0.0.1:" + server.server.port(),
                    KEY,
                    String.valueOf(seed)))
            .as("seed %d", seed)
            .contains("twin: all of 480 answers are equal");
      }
    }
  }

  @Test
  void javaScriptClients() throws Exception {
    Path folder = PLACE.resolve("js");
    Files.createDirectories(folder);
    for (String script : List.of("scenario.mjs", "langchain.mjs", "package.json")) {
      copy(SCRIPTS.resolve("js").resolve(script), folder.resolve(script));
    }
    run(folder, "npm", "install", "--no-audit", "--no-fund");
    try (ApiClient server = server()) {
      String url = "http://127.0.0.1:" + server.server.port();
      assertThat(run(folder, "node", "scenario.mjs", url, KEY))
          .contains("javascript client: all passed");
      assertThat(run(folder, "node", "langchain.mjs", url, KEY))
          .contains("langchain.js: all passed");
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.write(to, Files.readAllBytes(from));
  }
}
