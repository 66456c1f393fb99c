package io.capsdb.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
  /// A port at which nobody answers.
  private static final String NOWHERE = "http://127.0.0.1:1";

  record Misuse(int status, String message, List<String> args) {
    static Misuse of(int status, String message, String... args) {
      return new Misuse(status, message, List.of(args));
    }
  }

  private static Stream<Misuse> misuses() {
    return Stream.of(
        Misuse.of(2, "capsdb: Missing required subcommand"),
        Misuse.of(2, "'fly'", "fly"),
        Misuse.of(2, "capsdb serve: --data: the data folder is missing", "serve"),
        Misuse.of(2, "'--colour'", "serve", "--data", "d", "--colour", "red"),
        Misuse.of(2, "--port: value abc invalid", "serve", "--data", "d", "--port", "abc"),
        Misuse.of(
            2,
            "--port: value 70000 invalid, must be from 0 to 65535",
            "serve",
            "--data",
            "d",
            "--port",
            "70000"),
        Misuse.of(2, "--port: value -1 invalid", "demo", "--port", "-1"),
        load(2, "--batch: value 0 invalid, must be from 1 to 10000", "--batch", "0"),
        load(2, "--from: value -3 invalid, must be at least 0", "--from", "-3"),
        load(2, "--distance: 'Far' is none of [Cosine, Dot, Euclid, Manhattan]", "--distance=Far"),
        load(2, "--url: 'here' is no URL like http://127.0.0.1:6333", "--url", "here"),
        load(2, "--url: 'a b' is no URL", "--url", "a b"),
        Misuse.of(
            2,
            "no.npy, file: there is no such file",
            "load",
            "--collection",
            "c",
            "--vectors",
            TestMachine.path("no.npy")),
        load(1, "cannot reach http://127.0.0.1:1", "--url", NOWHERE),
        search(2, "give one of --vector, --id, --row, --text and --image"),
        search(
            2,
            "give one of --vector, --id, --row, --text and --image",
            "--id",
            "1",
            "--row",
            "a.npy:1"),
        search(2, "give one of --model and --onnx", "--text", "a toy"),
        search(2, "which is not here", "--text", "a toy", "--model", "m"),
        search(2, "--limit: value 0 invalid, must be from 1 to 10000", "--id", "1", "--limit=0"),
        search(2, "--vector: it is not JSON", "--vector", "[1,"),
        search(2, "--vector: it must be an array of numbers", "--vector", "{}"),
        search(2, "--vector: [1] is \"x\", not a number", "--vector", "[1,\"x\"]"),
        search(2, "--id: id \"x\" is neither", "--id", "x"),
        search(2, "--row: 'a.npy' is not FILE:N", "--row", "a.npy"),
        search(2, "--filter: ", "--id", "1", "--filter", "{\"musst\":[]}"),
        search(2, "unknown key 'musst'", "--id", "1", "--filter", "{\"musst\":[]}"),
        search(2, "--filter: line 1", "--id", "1", "--filter", "{\"must\""),
        search(1, "cannot reach http://127.0.0.1:1", "--id", "1"),
        Misuse.of(
            2,
            "must end with .jsonl or .jsonl.gz",
            "export",
            "--collection",
            "c",
            "--output",
            "a.csv"),
        Misuse.of(
            2,
            "--output: ",
            "export",
            "--collection",
            "c",
            "--output",
            TestMachine.path("x.jsonl")));
  }

  private static Misuse load(int status, String message, String... more) {
    return command(
        status,
        message,
        List.of("load", "--collection", "c", "--vectors", TestMachine.path("x.jsonl")),
        more);
  }

  private static Misuse search(int status, String message, String... more) {
    return command(status, message, List.of("search", "--collection", "c", "--url", NOWHERE), more);
  }

  private static Misuse command(int status, String message, List<String> begin, String... more) {
    return new Misuse(status, message, Stream.concat(begin.stream(), Stream.of(more)).toList());
  }

  @ParameterizedTest
  @MethodSource("misuses")
  void misuseIsToldInOneLine(Misuse misuse) throws IOException {
    TestMachine machine = new TestMachine();
    machine.file("x.jsonl", "{\"vector\":[1,2]}\n");
    int status = machine.run(misuse.args().toArray(String[]::new));
    assertThat(machine.err()).contains(misuse.message()).startsWith("capsdb");
    assertThat(machine.err().lines()).hasSize(1);
    assertThat(machine.out()).isEmpty();
    assertThat(status).isEqualTo(misuse.status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "load", "search", "export", "import", "demo"})
  void helpOfEachCommandHasExamples(String command) throws IOException {
    TestMachine machine = new TestMachine();
    assertThat(machine.run(command, "--help")).isZero();
    assertThat(machine.out())
        .contains("Usage: capsdb " + command, "Examples:", "  capsdb " + command);
  }

  @Test
  void helpNamesAllCommands() throws IOException {
    TestMachine machine = new TestMachine();
    assertThat(machine.run("--help")).isZero();
    assertThat(machine.out()).contains("serve", "load", "search", "export", "demo", "Begin here:");
  }

  @Test
  void versionIsShown() throws IOException {
    TestMachine machine = new TestMachine();
    assertThat(machine.run("--version")).isZero();
    assertThat(machine.out()).isEqualToIgnoringNewLines("capsdb 1.2.3");
  }
}
