package io.capsdb.server.command;

import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.formats.CodeFile;
import io.capsdb.server.http.HttpConfig;
import io.capsdb.server.http.HttpServer;
import io.capsdb.vector.Kernels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "serve",
    description = "Serves the collections of a data folder over HTTP until it is stopped.",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  capsdb serve --data ./data",
      "  CAPSDB_API_KEY=… capsdb serve --data ./data --host 0.0.0.0 --port 8080",
      "  capsdb serve --config capsdb.yaml --print-config",
      "",
      "The API has the shape of Qdrant's; /openapi.json lists what is served. Without a key the server",
      "listens on loopback only. Each setting is a flag, a variable CAPSDB_…, or a line of the file; the",
      "flag counts most. A change of key without a pause: --set second-api-key=…",
      "Stop with Ctrl-C or SIGTERM; nothing acknowledged is lost."
    })
final class ServeCommand implements Callable<Integer> {
  static final int MAX_PORT = 65_535;

  private final Machine machine;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "the data folder; created when it is missing")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "file with settings, lines such as 'port: 6333'")
  private Optional<Path> config = Optional.empty();

  @Option(
      names = "--print-config",
      description = "show all settings and where they come from, and end")
  private boolean isPrinting;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "address to listen on (default: 127.0.0.1)")
  private Optional<String> host = Optional.empty();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "port to listen on, 0 for any free one (default: 6333)")
  private Optional<String> port = Optional.empty();

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      description = "key that requests must carry; better given as CAPSDB_API_KEY")
  private Optional<String> apiKey = Optional.empty();

  @Option(
      names = "--read-only-api-key",
      paramLabel = "KEY",
      description = "key that may read only; better given as CAPSDB_READ_ONLY_API_KEY")
  private Optional<String> readOnlyApiKey = Optional.empty();

  @Option(
      names = "--open-to-network",
      description = "listen on other addresses than loopback without a key")
  private boolean isOpenToNetwork;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "certificate chain, PEM; a new one is taken within seconds")
  private Optional<String> tlsCert = Optional.empty();

  @Option(names = "--tls-key", paramLabel = "FILE", description = "its private key, PEM")
  private Optional<String> tlsKey = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "any setting that --print-config shows")
  private Map<String, String> others = new TreeMap<>();

  @Option(
      names = "--codes",
      paramLabel = "FILE",
      description = "learned binary codes (capsdb train binary-codes) for new segments")
  private Optional<Path> codes = Optional.empty();

  ServeCommand(Machine machine) {
    this.machine = machine;
  }

  /// Lines of the log need files, such as that of time zones, which cannot be opened once
  /// descriptors have run out, nor ever after: so they are read for a line that nobody sees.
  private static void beginLog(Handler handler, boolean isJson) {
    if (isJson) {
      handler.setFormatter(new JsonLogFormatter());
    }
    String _ = handler.getFormatter().format(new LogRecord(Level.INFO, "begins"));
  }

  @Override
  public Integer call() throws IOException {
    ServeSettings settings = settings();
    HttpConfig http = settings.apply(HttpConfig.defaults(machine.version()), machine.disk());
    if (isPrinting) {
      settings.print(machine.screen().out());
      return 0;
    }
    boolean isJson = settings.text("log-format").equals("json");
    for (Handler handler : Logger.getLogger("").getHandlers()) {
      beginLog(handler, isJson);
    }
    Path data =
        this.data.orElseThrow(() -> new UsageException("--data: the data folder is missing"));
    DatabaseOptions options =
        DatabaseOptions.defaults().withDisk(machine.disk()).withMeasuredCosts(true);
    if (codes.isPresent()) {
      options = options.withProjection(CodeFile.read(machine.disk(), codes.get()));
    }
    try (Database database = Database.open(data, options);
        HttpServer server = listen(database, http)) {
      machine
          .screen()
          .out()
          .printf(
              "capsdb %s listens on %s, data in %s, kernels %s; stop with Ctrl-C%n",
              machine.version(),
              (http.tls().isPresent() ? "https" : "http") + address(http.host(), server.port()),
              data,
              Kernels.best().name());
      machine.stop().await();
      machine.screen().out().println("capsdb stops");
    }
    return 0;
  }

  private ServeSettings settings() throws IOException {
    Map<String, String> flags = new TreeMap<>(others);
    host.ifPresent(value -> flags.put("host", value));
    port.ifPresent(value -> flags.put("port", value));
    apiKey.ifPresent(value -> flags.put("api-key", value));
    readOnlyApiKey.ifPresent(value -> flags.put("read-only-api-key", value));
    tlsCert.ifPresent(value -> flags.put("tls-cert", value));
    tlsKey.ifPresent(value -> flags.put("tls-key", value));
    if (isOpenToNetwork) {
      flags.put("open-to-network", "true");
    }
    Map<String, String> file =
        config.isPresent() ? ServeSettings.read(machine.disk(), config.get()) : Map.of();
    return ServeSettings.of(flags, System.getenv(), file);
  }

  private static HttpServer listen(Database database, HttpConfig http) throws IOException {
    try {
      return HttpServer.start(database, http);
    } catch (IllegalStateException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  static void requirePort(int port) {
    if (port < 0 || port > MAX_PORT) {
      throw new UsageException("--port: value " + port + " invalid, must be from 0 to " + MAX_PORT);
    }
  }

  static String url(String host, int port) {
    return "http" + address(host, port);
  }

  private static String address(String host, int port) {
    return "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
