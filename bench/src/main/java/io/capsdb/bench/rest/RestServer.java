package io.capsdb.bench.rest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `capsdb serve` as a process of its own, with the flags of this one; its messages go to standard
/// error. Killed when it is closed.
final class RestServer implements AutoCloseable {
  private static final Pattern PORT = Pattern.compile("listens on http://[^ ]*:([0-9]+),");

  private final Process process;
  private final int port;

  /// @param data an empty folder
  /// @param flags more of the JVM
  RestServer(Path data, String... flags) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", System.getProperty("java.class.path", "")));
    command.addAll(List.of("io.capsdb.server.Main", "serve", "--port", "0"));
    command.addAll(List.of("--data", data.toString()));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    port = readPort();
  }

  /// What it prints afterwards is little enough to wait in the pipe.
  private int readPort() throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher matcher = PORT.matcher(line);
      if (matcher.find()) {
        return Integer.parseInt(matcher.group(1));
      }
    }
    throw new IOException("the server did not start");
  }

  int port() {
    return port;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
