package io.capsdb.server.http;

import java.util.List;

/// What the server tells about itself. All of it is answered at once, also under load.
final class ServiceRoutes {
  /// The version of the API whose shape we speak; clients compare it with their own.
  private static final String API_VERSION = "1.19.0";

  private ServiceRoutes() {}

  static List<Route> all(InFlight inFlight, byte[] document) {
    return List.of(
        Route.atOnce("root", "/", ServiceRoutes::root),
        Route.atOnce("healthz", "/healthz", _ -> Answer.text(200, "healthz check passed")),
        Route.atOnce("livez", "/livez", _ -> Answer.text(200, "livez check passed")),
        Route.atOnce("readyz", "/readyz", _ -> ready(inFlight)),
        Route.get("openapi", "/openapi.json", _ -> Answer.json(200, document)));
  }

  private static Answer ready(InFlight inFlight) {
    return inFlight.isClosing()
        ? Answer.text(503, "the server is stopping")
        : Answer.text(200, "all shards are ready");
  }

  /// Without an envelope, as clients expect it.
  private static Answer root(Call call) {
    return Answer.json(
        200,
        Answers.bytes(
            call.config().limits().maxAnswerBytes(),
            out -> {
              out.writeStartObject();
              out.writeStringField("title", "CapsDB");
              out.writeStringField("version", API_VERSION);
              out.writeStringField("commit", call.config().commit());
              out.writeStringField("capsdb_version", call.config().version());
              out.writeEndObject();
            }));
  }
}
