package io.capsdb.embeddings.experiment;

import io.capsdb.server.Main;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One run of a command in a process of its own, with the flags of this one, and the figures that
/// it printed.
///
/// @param count samples of the run
/// @param rate samples a second
/// @param mebibytes the most memory of the process; NaN where the system does not tell
record CommandRun(double count, double seconds, double rate, double mebibytes) {
  private static final Pattern RATE =
      Pattern.compile("([0-9,]+) (?:images|texts|samples).* in ([0-9.]+) s \\(([0-9,]+)[^)]*/s\\)");
  private static final Pattern MEMORY = Pattern.compile("at most ([0-9]+) MiB");

  /// @throws IOException with what the command said, if it failed
  static CommandRun of(List<String> args) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(ProcessHandle.current().info().command().orElse("java"));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> !flag.startsWith("-javaagent") && !flag.startsWith("-agentlib"))
        .forEach(line::add);
    line.addAll(List.of("-cp", System.getProperty("java.class.path", "."), Main.class.getName()));
    line.addAll(args);
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String out;
    try (var printed = process.getInputStream()) {
      out = new String(printed.readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        throw new IOException(String.join(" ", args) + " ended with " + status + ": " + out);
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("stopped", e);
    }
    Matcher rate = RATE.matcher(out);
    Matcher memory = MEMORY.matcher(out);
    if (!rate.find()) {
      throw new IOException(String.join(" ", args) + " printed no rate: " + out);
    }
    return new CommandRun(
        number(rate.group(1)),
        number(rate.group(2)),
        number(rate.group(3)),
        memory.find() ? number(memory.group(1)) : Double.NaN);
  }

  private static double number(String text) {
    return Double.parseDouble(text.replace(",", ""));
  }
}
