package io.capsdb.server.kill;

import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.server.http.HttpConfig;
import io.capsdb.server.http.HttpServer;
import java.nio.file.Path;

/// The server as a process of its own, with segments so small that it seals and merges all the
/// time, or as large as they are. Prints its port, and then waits to be killed.
final class KilledServer {
  private KilledServer() {}

  /// @param args the folder; then, for small segments, sealed rows from which on ids are off the
  ///     heap
  public static void main(String[] args) throws InterruptedException {
    DatabaseOptions options = DatabaseOptions.defaults().withMeasuredCosts(false);
    if (args.length > 1) {
      options =
          options
              .withSealRows(256)
              .withMinIndexRows(64)
              .withIdleMillis(20)
              .withOffHeapRows(Long.parseLong(args[1]));
    }
    Database database = Database.open(Path.of(args[0]), options);
    HttpServer server = HttpServer.start(database, HttpConfig.defaults("test").withPort(0));
    System.out.println("port " + server.port());
    System.out.flush();
    Thread.sleep(Long.MAX_VALUE);
  }
}
