package io.capsdb.server.command;

import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.formats.CodeFile;
import io.capsdb.server.http.HttpConfig;
import io.capsdb.server.http.HttpServer;
import io.capsdb.vector.Kernels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
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
      "  capsdb serve --data ./data --host 0.0.0.0 --port 8080",
      "",
      "The API has the shape of Qdrant's; /openapi.json lists what is served. There is no access control",
      "yet: listen on other addresses than 127.0.0.1 only inside a network that you trust.",
      "Stop with Ctrl-C or SIGTERM; nothing acknowledged is lost."
    })
final class ServeCommand implements Callable<Integer> {
  static final int MAX_PORT = 65_535;

  private final Machine machine;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "the data folder; created when it is missing")
  private Path data = Path.of("");

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description = "address to listen on (default: ${DEFAULT-VALUE})")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "6333",
      description = "port to listen on, 0 for any free one (default: ${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--codes",
      paramLabel = "FILE",
      description = "learned binary codes (capsdb train binary-codes) for new segments")
  private Optional<Path> codes = Optional.empty();

  ServeCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() throws IOException {
    requirePort(port);
    DatabaseOptions options =
        DatabaseOptions.defaults().withDisk(machine.disk()).withMeasuredCosts(true);
    if (codes.isPresent()) {
      options = options.withProjection(CodeFile.read(machine.disk(), codes.get()));
    }
    try (Database database = Database.open(data, options);
        HttpServer server = listen(database)) {
      machine
          .screen()
          .out()
          .printf(
              "capsdb %s listens on %s, data in %s, kernels %s; stop with Ctrl-C%n",
              machine.version(), url(host, server.port()), data, Kernels.best().name());
      machine.stop().await();
      machine.screen().out().println("capsdb stops");
    }
    return 0;
  }

  private HttpServer listen(Database database) throws IOException {
    try {
      return HttpServer.start(
          database, HttpConfig.defaults(machine.version()).withHost(host).withPort(port));
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
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
