package io.capsdb.server.http;

import java.util.ArrayList;
import java.util.List;

/// The route table.
final class Routes {
  private Routes() {}

  /// @param document the description of the API, as JSON
  static List<Route> all(InFlight inFlight, byte[] document) {
    List<Route> routes = new ArrayList<>(ServiceRoutes.all(inFlight, document));
    routes.addAll(CollectionRoutes.all());
    routes.addAll(AliasRoutes.all());
    routes.addAll(SnapshotRoutes.all());
    routes.addAll(IdSetRoutes.all());
    routes.addAll(PointRoutes.all());
    routes.addAll(ImportRoutes.all());
    routes.addAll(QueryRoutes.all());
    routes.addAll(GroupRoutes.all());
    routes.addAll(MatrixRoutes.all());
    routes.addAll(EvaluateRoutes.all());
    return List.copyOf(routes);
  }
}
