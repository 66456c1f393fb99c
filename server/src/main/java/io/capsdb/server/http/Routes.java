package io.capsdb.server.http;

import java.util.ArrayList;
import java.util.List;

/// The route table.
final class Routes {
  private Routes() {}

  static List<Route> all(InFlight inFlight) {
    List<Route> routes = new ArrayList<>(ServiceRoutes.all(inFlight));
    return List.copyOf(routes);
  }
}
