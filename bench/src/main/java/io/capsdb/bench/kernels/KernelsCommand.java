package io.capsdb.bench.kernels;

import io.capsdb.vector.Kernels;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Measures all kernels, each in a JVM of its own, and prints the page; progress goes to standard
/// error. Standard input holds the lines that the part in C printed, or nothing.
public final class KernelsCommand {
  private static final double MEDIAN = 50;

  private KernelsCommand() {}

  /// Narrower registers are made by flags; the first also takes away the vector popcount.
  private static List<String> widths() {
    return System.getProperty("os.arch", "").equals("amd64")
        ? List.of("-XX:UseAVX=2", "-XX:MaxVectorSize=16")
        : List.of();
  }

  static void main(String[] args) throws IOException, RunnerException {
    List<Figure> c = readTwins();
    List<Figure> java = new ArrayList<>();
    java.addAll(run(KernelPage.WIDEST, options("\\.kernels\\.")));
    for (String flag : widths()) {
      java.addAll(
          run(
              flag,
              options("DistanceBenchmark.block|ScanBenchmark.nothingPasses")
                  .param("metric", "EUCLID")
                  .jvmArgsAppend(flag)));
    }
    System.out.print(new KernelPage(java, c).text(machine(c)));
  }

  private static ChainedOptionsBuilder options(String include) {
    return new OptionsBuilder().include(include).resultFormat(ResultFormatType.TEXT);
  }

  private static List<Figure> run(String width, ChainedOptionsBuilder options)
      throws RunnerException {
    Options built = options.build();
    OutputFormat progress =
        OutputFormatFactory.createFormatInstance(System.err, VerboseMode.NORMAL);
    List<Figure> figures = new ArrayList<>();
    for (RunResult result : new Runner(built, progress).run()) {
      figure(width, result).ifPresent(figures::add);
    }
    return figures;
  }

  private static Optional<Figure> figure(String width, RunResult result) {
    String benchmark = result.getParams().getBenchmark();
    String method = benchmark.substring(benchmark.lastIndexOf('.') + 1);
    String type = benchmark.substring(0, benchmark.lastIndexOf('.'));
    int dimension =
        Optional.ofNullable(result.getParams().getParam("dimension"))
            .map(Integer::valueOf)
            .orElse(ReadBenchmark.ROW_BYTES / Float.BYTES);
    double nanos = result.getPrimaryResult().getStatistics().getPercentile(MEDIAN);
    int codeBytes = ScanFromMemoryBenchmark.bytesPerRow(dimension);
    int floatBytes = Float.BYTES * dimension;
    return switch (type.substring(type.lastIndexOf('.') + 1)) {
      case "DistanceBenchmark" ->
          figure(
              width,
              result.getParams().getParam("metric") + "-" + method,
              dimension,
              nanos / DistanceBenchmark.ROWS,
              floatBytes);
      case "ReadBenchmark" ->
          figure(width, KernelPage.READ, dimension, nanos / ReadBenchmark.ROWS, floatBytes);
      case "ScanFromMemoryBenchmark" ->
          figure(width, "scan-memory", dimension, nanos / ScanFromMemoryBenchmark.ROWS, codeBytes);
      default -> ofScan(width, method, dimension, nanos, codeBytes);
    };
  }

  private static Optional<Figure> ofScan(
      String width, String method, int dimension, double nanos, int bytes) {
    return switch (method) {
      case "nothingPasses" ->
          figure(width, "scan-cache", dimension, nanos / ScanBenchmark.ROWS, bytes);
      case "onePercentPasses" ->
          figure(width, "scan-cache-1%", dimension, nanos / ScanBenchmark.ROWS, bytes);
      case "listed" ->
          // Below, records are not kept.
          ScanBenchmark.hasRecords(dimension)
              ? figure(width, "list-cache", dimension, nanos / ScanBenchmark.LISTED, bytes)
              : Optional.empty();
      default ->
          figure(
              width, "encode", dimension, nanos / CodeSet.PARTITION_ROWS, Float.BYTES * dimension);
    };
  }

  private static Optional<Figure> figure(
      String width, String name, int dimension, double nanos, int bytes) {
    return Optional.of(new Figure(width, name, dimension, nanos, bytes));
  }

  /// Lines of a name, a dimension and nanoseconds a row.
  private static List<Figure> readTwins() throws IOException {
    List<Figure> twins = new ArrayList<>();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", -1);
      int dimension = Integer.parseInt(words[1]);
      int bytes =
          words[0].startsWith("scan")
              ? ScanFromMemoryBenchmark.bytesPerRow(dimension)
              : Float.BYTES * dimension;
      twins.add(
          new Figure(KernelPage.WIDEST, words[0], dimension, Double.parseDouble(words[2]), bytes));
    }
    return twins;
  }

  private static String machine(List<Figure> c) {
    String read =
        c.stream()
            .filter(f -> f.name().equals(KernelPage.READ))
            .map(
                f ->
                    String.format(
                        Locale.ROOT, "C reads memory at %.1f GB/s", f.gigabytesPerSecond()))
            .findFirst()
            .orElse("no C compiler was found");
    return String.format(
        Locale.ROOT,
        "Machine: %s, %d processors, Java %s, kernels `%s`; %s. Commit: %s.",
        System.getProperty("bench.machine", System.getProperty("os.arch", "unknown")),
        Runtime.getRuntime().availableProcessors(),
        Runtime.version(),
        Kernels.best().name(),
        read,
        System.getProperty("bench.commit", "unknown"));
  }
}
