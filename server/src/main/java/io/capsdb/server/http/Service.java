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
    WorkerPool streams,
    BodyBudget bodies,
    InFlight inFlight,
    Metrics metrics,
    ShadowChecks checks,
    AuditLog audit,
    Vertx vertx) {

  /// Slow clients must not keep readers and writers from others.
  WorkerPool pool(Route route) {
    if (route.isOfAnyLength()) {
      return streams;
    }
    return route.place() == Route.Place.WRITER ? writers : readers;
  }

  long nanos() {
    return config.nanoClock().getAsLong();
  }
}
