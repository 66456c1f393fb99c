package io.capsdb.server.http;

import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.CollectionStatus;
import java.util.List;

/// Collections: made, listed, shown, dropped.
final class CollectionRoutes {
  private CollectionRoutes() {}

  static List<Route> all() {
    String one = "/collections/{collection_name}";
    return List.of(
        Route.get("get_collections", "/collections", CollectionRoutes::list),
        Route.get("get_collection", one, CollectionRoutes::show),
        Route.write("create_collection", "PUT", one, CollectionRoutes::create),
        Route.delete("delete_collection", one, CollectionRoutes::drop),
        Route.get("collection_exists", one + "/exists", CollectionRoutes::exists),
        Route.get("index_status", one + "/index/status", CollectionRoutes::indexStatus));
  }

  private static Answer list(Call call) {
    List<String> names = call.database().collectionNames();
    return Answers.ok(
        call,
        out -> {
          out.writeStartObject();
          out.writeArrayFieldStart("collections");
          for (String name : names) {
            out.writeStartObject();
            out.writeStringField("name", name);
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeEndObject();
        });
  }

  private static Answer show(Call call) {
    Collection collection = call.collection();
    return Answers.ok(call, out -> CollectionWriter.info(collection, out));
  }

  private static Answer create(Call call) {
    call.query().requireWriteOptions();
    CollectionConfig config = RequestReader.read(call, CollectionBodies::create);
    call.database().createCollection(call.collectionName(), config);
    return Answers.ok(call, out -> out.writeBoolean(true));
  }

  private static Answer drop(Call call) {
    call.query().requireWriteOptions();
    boolean isDropped = call.database().dropCollection(call.collectionName());
    return Answers.ok(call, out -> out.writeBoolean(isDropped));
  }

  private static Answer exists(Call call) {
    boolean isThere = call.database().find(call.collectionName()).isPresent();
    return Answers.ok(
        call,
        out -> {
          out.writeStartObject();
          out.writeBooleanField("exists", isThere);
          out.writeEndObject();
        });
  }

  private static Answer indexStatus(Call call) {
    CollectionStatus status = call.collection().status();
    return Answers.ok(call, out -> CollectionWriter.indexStatus(status, out));
  }
}
