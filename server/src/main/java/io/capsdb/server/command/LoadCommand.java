package io.capsdb.server.command;

import io.capsdb.formats.RowSource;
import io.capsdb.formats.RowSources;
import io.capsdb.server.client.RestClient;
import io.capsdb.vector.ElementType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "load",
    description = "Loads vectors and their payload from files into a collection.",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footer = {
      "",
      "Files: .fvecs, .bvecs, .fbin, .u8bin, .i8bin, .npy (float16/32/64, int8, uint8), .idx and",
      "idxN-ubyte (MNIST), .jsonl and .ndjson, .csv, .tsv; each also packed as .gz; .parquet; .hdf5",
      "and .h5 as ann-benchmarks have them. Vectors and payload come from one file, or from two whose",
      "rows belong together by their number.",
      "",
      "Examples:",
      "  capsdb load --collection docs --vectors docs.jsonl",
      "      lines like {\"id\":1,\"vector\":[0.1,0.2],\"payload\":{\"lang\":\"en\"}}; several vectors by",
      "      name: \"vector\":{\"title\":[0.1,0.2],\"words\":{\"indices\":[7,31],\"values\":[1,0.5]}}",
      "  capsdb load --collection films --vectors films.npy --payload films.csv --ids film_id",
      "  capsdb load --collection news --vectors vectors.npy --payload payloads.jsonl",
      "      a line of payload for each vector, like {\"lang\":\"en\"} or {\"id\":1,\"payload\":{…}}",
      "  capsdb load --collection fashion --distance Euclid \\",
      "      --vectors train-images-idx3-ubyte.gz --payload train-labels-idx1-ubyte.gz",
      "",
      "Bad rows are reported with file and line, counted and left out; --strict stops at the first.",
      "A load that was broken off says with which --from it goes on; loading rows again is",
      "harmless, because a point replaces the one of the same id."
    })
final class LoadCommand implements Callable<Integer> {
  private static final List<String> DISTANCES = List.of("Cosine", "Dot", "Euclid", "Manhattan");

  private final Machine machine;

  @Mixin private ServerAddress address = new ServerAddress();

  @Option(
      names = "--vectors",
      paramLabel = "FILE",
      required = true,
      description = "file with the vectors")
  private Path vectors = Path.of("");

  @Option(
      names = "--payload",
      paramLabel = "FILE",
      description = "file with the payload, row-aligned; without it the vectors' file has it")
  private Optional<Path> payload = Optional.empty();

  @Option(
      names = "--ids",
      paramLabel = "FIELD",
      description = "payload field with the id; default: the file's ids, or else the row number")
  private Optional<String> ids = Optional.empty();

  @Option(
      names = "--distance",
      paramLabel = "D",
      description = "Cosine (default), Dot, Euclid or Manhattan, for a collection that is created")
  private Optional<String> distance = Optional.empty();

  @Option(
      names = "--datatype",
      paramLabel = "T",
      description = "float32 (default), float16 or uint8, for a collection that is created")
  private Optional<String> datatype = Optional.empty();

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "500",
      description = "rows in one request (default: ${DEFAULT-VALUE})")
  private int batch;

  @Option(names = "--strict", description = "stop at the first bad row")
  private boolean isStrict;

  @Option(
      names = "--from",
      paramLabel = "ROW",
      defaultValue = "0",
      description = "first row to load, from 0; goes on with a load that was broken off")
  private long from;

  @Option(
      names = "--log-interval-ms",
      paramLabel = "N",
      defaultValue = "0",
      description = {
        "for a collection that is created: bring its log to the disk N ms after the last time, not",
        "before each answer; a loss of power can take answered writes of that time (default: 0)"
      })
  private int logInterval;

  LoadCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    distance.ifPresent(LoadCommand::requireDistance);
    datatype.ifPresent(LoadCommand::requireDatatype);
    LoadSettings settings =
        new LoadSettings(
            address.collection(), distance, datatype, ids, batch, isStrict, from, logInterval);
    try (RestClient client = address.connect(machine.pause());
        RowSource rows = open()) {
      load(machine, client, settings, rows);
    }
    return 0;
  }

  private static void requireDistance(String name) {
    if (!DISTANCES.contains(name)) {
      throw new UsageException("--distance: '" + name + "' is none of " + DISTANCES);
    }
  }

  private static void requireDatatype(String name) {
    List<String> names = Stream.of(ElementType.values()).map(ElementType::apiName).toList();
    if (!names.contains(name)) {
      throw new UsageException("--datatype: '" + name + "' is none of " + names);
    }
  }

  private RowSource open() throws IOException {
    RowSource left = RowSources.open(machine.disk(), vectors);
    if (payload.isEmpty()) {
      return left;
    }
    try {
      return RowSources.aligned(left, RowSources.open(machine.disk(), payload.get()));
    } catch (IOException | RuntimeException e) {
      left.close();
      throw e;
    }
  }

  /// Loads, waits for the index, and tells how it went.
  static void load(Machine machine, RestClient client, LoadSettings settings, RowSource rows)
      throws IOException, InterruptedException {
    Screen screen = machine.screen();
    Progress progress = new Progress(screen, machine.nanoClock(), "loading", "rows");
    Loader loader = new Loader(client, settings, rows, progress);
    if (settings.from() > 0) {
      progress.note("going on from row " + settings.from() + "; the rows before it are skipped");
    }
    try {
      loader.load();
    } catch (IOException | UsageException | InterruptedException e) {
      progress.clear();
      if (loader.stored() > 0) {
        screen
            .err()
            .printf(
                Locale.ROOT,
                "%,d points are stored; go on with --from %d%n",
                loader.stored(),
                loader.nextRow());
      }
      throw e;
    }
    progress.clear();
    double seconds = progress.seconds();
    screen
        .out()
        .printf(
            Locale.ROOT,
            "loaded %,d points into '%s' in %.1f s (%,.0f/s); %s%n",
            loader.stored(),
            settings.collection(),
            seconds,
            loader.stored() / Math.max(seconds, 0.001),
            loader.rejected() == 0
                ? "no bad rows"
                : String.format(Locale.ROOT, "%,d bad rows left out", loader.rejected()));
    var state = GreenWait.await(machine, client, settings.collection());
    screen
        .out()
        .printf(
            Locale.ROOT,
            "status: %s after %.1f s; the collection has %,d points%n",
            state.status(),
            progress.seconds(),
            state.points());
  }
}
