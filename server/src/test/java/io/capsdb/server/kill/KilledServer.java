package io.capsdb.server.kill;

import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.server.http.HttpConfig;
import io.capsdb.server.http.HttpServer;
import java.nio.file.Path;

/// The server as a process of its own, with segments so small that it seals and merges all the
/// time. Prints its port, and then waits to be killed.
final class KilledServer {
  private KilledServer() {}

  public static void main(String[] args) throws InterruptedException {
    Database database =
        Database.open(
            Path.of(args[0]),
            DatabaseOptions.defaults()
                .withSealRows(256)
                .withMinIndexRows(64)
                .withIdleMillis(20)
                .withMeasuredCosts(false)
                .withOffHeapRows(Long.parseLong(args[1])));
    HttpServer server = HttpServer.start(database, HttpConfig.defaults("test").withPort(0));
    System.out.println("port " + server.port());
    System.out.flush();
    Thread.sleep(Long.MAX_VALUE);
  }
}
