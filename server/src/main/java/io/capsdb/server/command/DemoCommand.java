package io.capsdb.server.command;

import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.formats.RowSource;
import io.capsdb.server.client.RestClient;
import io.capsdb.server.http.HttpConfig;
import io.capsdb.server.http.HttpServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description =
        "Starts a server with the bundled sample, runs filtered searches on it and measures them,"
            + " then keeps serving.",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  capsdb demo",
      "  capsdb demo --port 0 --once       for scripts: ends after the searches, with status 1 if a",
      "                                    hit misses its filter or recall is below 0.95",
      "",
      "The sample: 8,000 images of Fashion-MNIST (MIT licence, Zalando SE) with label, brightness,",
      "asymmetry, a made-up time stamp, and tags."
    })
final class DemoCommand implements Callable<Integer> {
  static final String COLLECTION = "fashion";

  private static final String HOST = "127.0.0.1";
  private static final int BATCH_ROWS = 500;

  /// Every one of so many images is a query when recall is measured.
  private static final int QUERY_EVERY = 160;

  private final Machine machine;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "6333",
      description = "port to listen on; another one when it is taken (default: ${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "data folder that stays; default: a temporary one, deleted at the end")
  private Optional<Path> data = Optional.empty();

  @Option(names = "--once", description = "end after the searches; status 1 if a check failed")
  private boolean isOnce;

  DemoCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    ServeCommand.requirePort(port);
    DatabaseOptions options = DatabaseOptions.defaults().withDisk(machine.disk());
    try (TemporaryFolder folder = TemporaryFolder.create(machine, "capsdb-demo-");
        Database database = Database.open(data.orElse(folder.path().resolve("data")), options);
        HttpServer server = listen(database);
        RestClient client =
            new RestClient(URI.create(ServeCommand.url(HOST, server.port())), machine.pause())) {
      Sample sample = Sample.unpack(machine.disk(), folder.path());
      boolean isPassed = run(client, sample);
      if (isOnce) {
        machine.screen().out().println(isPassed ? "\nall checks passed" : "\na check FAILED");
        return isPassed ? 0 : 1;
      }
      invite(ServeCommand.url(HOST, server.port()));
      machine.stop().await();
      machine.screen().out().println("capsdb stops");
    }
    return 0;
  }

  private boolean run(RestClient client, Sample sample) throws IOException, InterruptedException {
    machine
        .screen()
        .out()
        .printf("capsdb %s, demo on images of Fashion-MNIST%n", machine.version());
    LoadSettings settings =
        new LoadSettings(COLLECTION, Optional.of("Euclid"), Optional.empty(), BATCH_ROWS, true, 0);
    try (RowSource rows = sample.rows()) {
      LoadCommand.load(machine, client, settings, rows);
    }
    return new DemoSearches(machine, client, COLLECTION, sample.every(QUERY_EVERY)).run();
  }

  private HttpServer listen(Database database) throws IOException {
    HttpConfig config = HttpConfig.defaults(machine.version()).withHost(HOST);
    try {
      return HttpServer.start(database, config.withPort(port));
    } catch (IllegalStateException e) {
      if (port == 0) {
        throw new IOException(e.getMessage(), e);
      }
      machine.screen().out().println(e.getMessage() + "; taking a free port instead");
      return HttpServer.start(database, config.withPort(0));
    }
  }

  private void invite(String url) {
    PrintStream out = machine.screen().out();
    out.printf("%nserving at %s; stop with Ctrl-C. Try, in another terminal:%n%n", url);
    out.printf(
        """
        curl -s %1$s/collections/%2$s

        curl -s %1$s/collections/%2$s/points/query -H 'Content-Type: application/json' -d '
          {"query": 42, "limit": 3, "with_payload": true, "params": {"caps": {"explain": true}},
           "filter": {"must": [{"key": "name", "match": {"any": ["Coat", "Pullover"]}},
                               {"key": "brightness", "range": {"gte": 0.5}}]}}'
        """,
        url, COLLECTION);
  }
}
