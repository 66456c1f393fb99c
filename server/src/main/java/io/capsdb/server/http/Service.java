package io.capsdb.server.http;

import io.capsdb.Database;
import io.vertx.core.Vertx;

/// What all requests of one server share.
record Service(
    Database database,
    HttpConfig config,
    Router router,
    Dispatcher dispatcher,
    WorkerPool readers,
    WorkerPool writers,
    BodyBudget bodies,
    InFlight inFlight,
    Metrics metrics,
    AuditLog audit,
    Vertx vertx) {

  WorkerPool pool(Route.Place place) {
    return place == Route.Place.WRITER ? writers : readers;
  }

  long nanos() {
    return config.nanoClock().getAsLong();
  }
}
