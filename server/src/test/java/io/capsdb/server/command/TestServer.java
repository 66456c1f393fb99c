package io.capsdb.server.command;

import io.capsdb.Collection;
import io.capsdb.Database;
import io.capsdb.server.http.HttpConfig;
import io.capsdb.server.http.HttpServer;

/// A server on a free port, with a database in memory.
final class TestServer implements AutoCloseable {
  private final Database database = Database.inMemory();
  private final HttpServer server =
      HttpServer.start(database, HttpConfig.defaults("1.2.3").withPort(0));

  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  int port() {
    return server.port();
  }

  Collection collection(String name) {
    return database.collection(name);
  }

  Database database() {
    return database;
  }

  @Override
  public void close() {
    server.close();
    database.close();
  }
}
