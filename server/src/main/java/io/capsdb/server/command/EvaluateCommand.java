package io.capsdb.server.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.capsdb.Collection;
import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterText;
import io.capsdb.formats.FileOutput;
import io.capsdb.formats.JsonFilters;
import io.capsdb.formats.JsonFormatException;
import io.capsdb.server.client.RestClient;
import io.capsdb.server.evaluate.Contender;
import io.capsdb.server.evaluate.DataSetFolder;
import io.capsdb.server.evaluate.Evaluation;
import io.capsdb.server.evaluate.EvaluationJson;
import io.capsdb.server.evaluate.EvaluationPage;
import io.capsdb.server.evaluate.EvaluationTable;
import io.capsdb.server.evaluate.Evaluator;
import io.capsdb.server.evaluate.Query;
import io.capsdb.server.evaluate.Sampling;
import io.capsdb.server.evaluate.Sweep;
import io.capsdb.server.evaluate.Workload;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "evaluate",
    description = "Measures recall and speed of each index, against exact answers.",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  capsdb evaluate --collection films --shares 0.1,0.01 --report films.html",
      "  capsdb evaluate --collection films --indexes caps,exact \\",
      "      --filter '{\"must\":[{\"key\":\"year\",\"range\":{\"gte\":1990}}]}'",
      "  capsdb evaluate --dataset ./fashion --indexes caps,graph,exact --report fashion.html",
      "",
      "A data set is an HDF5 file (ann-benchmarks), or a folder: vectors.npy, payloads.jsonl and",
      "tests.jsonl (vector-db-benchmark); u8bin and spmat files (big-ann, filter track); or",
      "dataset.properties, base.fvecs, queries.fvecs, attributes.ivecs and NAME.filters.ivecs.",
      "It is loaded into a temporary folder. A collection is measured on its server; 'graph' takes",
      "one that was created with graph_baseline on. Of the graph, graph-post filters what a walk",
      "found, graph-inline filters while it walks over all points, graph-acorn walks over matching",
      "points (graph-acorn-1 as ACORN-1 does, which ends early where few match), and graph itself",
      "chooses. Times are of one thread."
    })
final class EvaluateCommand implements Callable<Integer> {
  private static final int MAX_QUERIES = 10_000;

  private final Machine machine;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "the server (default: " + ServerAddress.DEFAULT_URL + ")")
  private Optional<String> url = Optional.empty();

  @Option(names = "--collection", paramLabel = "NAME", description = "the collection")
  private Optional<String> collection = Optional.empty();

  @Option(names = "--dataset", paramLabel = "PATH", description = "a data set, in their place")
  private Optional<Path> dataSet = Optional.empty();

  @Option(
      names = "--distance",
      paramLabel = "D",
      description =
          "of a data set that does not tell: Cosine, Dot, Euclid, Manhattan (default: Cosine)")
  private Optional<String> distance = Optional.empty();

  @Option(
      names = "--queries",
      paramLabel = "FILE",
      description = "search near the vectors of a file")
  private Optional<Path> queryFile = Optional.empty();

  @Option(
      names = "--sample",
      paramLabel = "N",
      defaultValue = "200",
      description =
          "how many queries: the first of a file or data set, otherwise points of the collection"
              + " (default: ${DEFAULT-VALUE})")
  private int sample;

  @Option(
      names = "--k",
      paramLabel = "K",
      defaultValue = "10",
      description = "hits of a search (default: ${DEFAULT-VALUE})")
  private int k;

  @Option(
      names = "--filter",
      paramLabel = "JSON",
      description = "a filter to measure under; may be given more than once")
  private List<String> filters = List.of();

  @Option(
      names = "--shares",
      paramLabel = "S,S,…",
      split = ",",
      description = "make filters that about these shares of the points satisfy, for example 0.01")
  private List<Double> shares = List.of();

  @Option(
      names = "--indexes",
      paramLabel = "I,I,…",
      split = ",",
      defaultValue = "caps,exact",
      description =
          "of caps, graph, graph-post, graph-inline, graph-acorn, graph-acorn-1, exact (default: ${DEFAULT-VALUE})")
  private List<String> indexes = List.of();

  @Option(
      names = "--recalls",
      paramLabel = "R,R,…",
      split = ",",
      description = "recalls that caps is asked for")
  private List<Double> recalls = List.of();

  @Option(
      names = "--widths",
      paramLabel = "W,W,…",
      split = ",",
      description = "widths of the walks of graph and of its other forms")
  private List<Integer> widths = List.of();

  @Option(names = "--json", paramLabel = "FILE", description = "write the figures as JSON")
  private Optional<Path> json = Optional.empty();

  @Option(names = "--report", paramLabel = "FILE", description = "write a page with charts, HTML")
  private Optional<Path> report = Optional.empty();

  EvaluateCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (dataSet.isPresent() == collection.isPresent()) {
      throw new UsageException("give one of --collection and --dataset");
    }
    if (dataSet.isPresent() && (url.isPresent() || queryFile.isPresent())) {
      throw new UsageException("--dataset goes with neither --url nor --queries");
    }
    if (sample < 1 || sample > MAX_QUERIES) {
      throw new UsageException(
          "--sample: value " + sample + " invalid, must be from 1 to " + MAX_QUERIES);
    }
    if (k < 1 || k > Evaluator.MAX_K) {
      throw new UsageException(
          "--k: value " + k + " invalid, must be from 1 to " + Evaluator.MAX_K);
    }
    for (double share : shares) {
      if (!(share > 0 && share < 1)) {
        throw new UsageException(
            "--shares: value " + share + " invalid, must be above 0 and below 1");
      }
    }
    requireWritable();
    Progress progress = new Progress(machine.screen(), machine.nanoClock(), "evaluating", "");
    Evaluation evaluation;
    try {
      evaluation = dataSet.isPresent() ? evaluateDataSet() : evaluateCollection(progress);
    } finally {
      progress.clear();
    }
    show(evaluation);
    return 0;
  }

  /// What is measured for minutes must not be lost for a name.
  private void requireWritable() throws IOException {
    if (json.isPresent() && json.equals(report)) {
      throw new UsageException("--json and --report name the same file " + json.get());
    }
    for (Path file : Stream.concat(json.stream(), report.stream()).toList()) {
      Path folder = file.toAbsolutePath().getParent();
      if (isFolder(file) || folder == null) {
        throw new UsageException("--json, --report: " + file + " is a folder");
      }
      if (!isFolder(folder)) {
        throw new UsageException("--json, --report: there is no folder " + folder);
      }
    }
  }

  private boolean isFolder(Path path) throws IOException {
    try {
      machine.disk().list(path);
      return true;
    } catch (NoSuchFileException | NotDirectoryException _) {
      return false;
    }
  }

  private List<Contender> contenders() {
    try {
      return indexes.stream().map(Contender::of).distinct().toList();
    } catch (IllegalArgumentException e) {
      throw new UsageException("--indexes: " + e.getMessage());
    }
  }

  private Sweep sweep() {
    try {
      return new Sweep(
          recalls.isEmpty() ? Sweep.DEFAULT.recalls() : recalls,
          widths.isEmpty() ? Sweep.DEFAULT.widths() : widths);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--recalls, --widths: " + e.getMessage());
    }
  }

  private Filter filter(String text) {
    try {
      return JsonFilters.read(text);
    } catch (JsonFormatException e) {
      throw new UsageException("--filter: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new UsageException("--filter: " + e.getMessage());
    }
  }

  private Evaluation evaluateDataSet() throws IOException, InterruptedException {
    Path path = dataSet.orElseThrow();
    DataSetFolder folder = DataSetFolder.open(machine.disk(), path);
    DataSetFolder.Asked asked = folder.asked(sample);
    Metric metric =
        distance.isPresent() ? metric(distance.get()) : folder.metric().orElse(Metric.COSINE);
    List<Contender> contenders = contenders();
    asked.requireFit(folder, metric);
    Sweep sweep = sweep();
    List<Workload> given =
        filters.stream()
            .map(this::filter)
            .map(f -> Workload.of(FilterText.of(f), f, asked.queries().size()))
            .toList();
    StageProgress stages = new StageProgress(machine);
    try {
      return new DataSetRun(machine, folder, metric, stages)
          .run(
              String.valueOf(path.toAbsolutePath().normalize().getFileName()),
              contenders,
              loaded ->
                  new Evaluator.Request(
                      "",
                      k,
                      asked.queries(),
                      workloads(loaded, asked, given, stages),
                      contenders,
                      sweep));
    } catch (CancellationException _) {
      throw new InterruptedException("stopped while measuring");
    } catch (IllegalArgumentException e) {
      throw new UsageException("--dataset: " + path + ": " + e.getMessage());
    } finally {
      stages.clear();
    }
  }

  private List<Workload> workloads(
      Collection loaded, DataSetFolder.Asked asked, List<Workload> given, StageProgress stages) {
    List<Workload> all = new ArrayList<>(asked.workloads());
    all.addAll(given);
    all.addAll(Sampling.filters(loaded, shares, asked.queries().size(), stages));
    return all;
  }

  private Metric metric(String name) {
    return switch (name) {
      case "Cosine" -> Metric.COSINE;
      case "Dot" -> Metric.DOT;
      case "Euclid" -> Metric.EUCLID;
      case "Manhattan" -> Metric.MANHATTAN;
      default ->
          throw new UsageException(
              "--distance: '" + name + "' is none of Cosine, Dot, Euclid, Manhattan");
    };
  }

  private Evaluation evaluateCollection(Progress progress)
      throws IOException, InterruptedException {
    ObjectNode body = RestClient.object().put("k", k);
    if (queryFile.isPresent()) {
      ArrayNode queries = body.putArray("queries");
      for (Query query : DataSetFolder.readQueries(machine.disk(), queryFile.get(), sample)) {
        ArrayNode vector = queries.addArray();
        for (float value : query.vector()) {
          vector.add(value);
        }
      }
    } else {
      body.put("sample", sample);
    }
    ServerAddress address = new ServerAddress(url, collection.orElseThrow());
    try (RestClient client = address.connect(machine.pause());
        ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor()) {
      ArrayNode given = body.putArray("filters");
      for (String text : filters) {
        filter(text);
        given.add(client.parse(text));
      }
      ArrayNode wanted = body.putArray("shares");
      shares.forEach(wanted::add);
      ArrayNode named = body.putArray("indexes");
      contenders().forEach(contender -> named.add(contender.word()));
      Sweep sweep = sweep();
      ArrayNode targets = body.putArray("recall_targets");
      sweep.recalls().forEach(targets::add);
      ArrayNode beams = body.putArray("widths");
      sweep.widths().forEach(beams::add);
      Future<Evaluation> answer =
          asking.submit(() -> EvaluationJson.read(client.evaluate(address.collection(), body)));
      return await(answer, progress);
    }
  }

  /// The server does the work; what can be shown is that it goes on.
  private static Evaluation await(Future<Evaluation> answer, Progress progress)
      throws IOException, InterruptedException {
    try {
      while (true) {
        try {
          return answer.get(200, TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
          progress.show(0, OptionalLong.empty(), 0);
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException cause -> throw cause;
        case RuntimeException cause -> throw cause;
        case InterruptedException cause -> throw cause;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    } finally {
      answer.cancel(true);
    }
  }

  private void show(Evaluation evaluation) throws IOException {
    var out = machine.screen().out();
    EvaluationTable.head(evaluation).forEach(out::println);
    out.println();
    Table table = new Table(EvaluationTable.HEADER);
    EvaluationTable.rows(evaluation).forEach(table::add);
    table.lines().forEach(out::println);
    out.println();
    EvaluationTable.foot(evaluation).forEach(out::println);
    if (json.isPresent()) {
      write(json.get(), EvaluationJson.write(evaluation) + "\n");
    }
    if (report.isPresent()) {
      write(report.get(), EvaluationPage.of(evaluation));
    }
    Stream.concat(json.stream(), report.stream())
        .forEach(file -> out.println(String.format(Locale.ROOT, "written: %s", file)));
  }

  private void write(Path file, String text) throws IOException {
    try (FileOutput out = FileOutput.create(machine.disk(), file)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.commit();
    }
  }
}
