package io.capsdb.server.http;

import io.capsdb.Advice;
import io.capsdb.Collection;
import io.capsdb.CollectionSettings;
import io.capsdb.CollectionStatus;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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
        Route.write("update_collection", "PATCH", one, CollectionRoutes::update),
        Route.get("advice", one + "/advice", CollectionRoutes::advise),
        Route.get("index_status", one + "/index/status", CollectionRoutes::indexStatus),
        Route.write("create_field_index", "PUT", one + "/index", CollectionRoutes::declare),
        Route.delete(
            "delete_field_index", one + "/index/{field_name}", CollectionRoutes::undeclare));
  }

  private static Answer list(Call call) {
    // With those that are damaged: whoever does not see them takes them for lost.
    Set<String> names = new TreeSet<>(call.database().collectionNames());
    names.addAll(call.database().damagedCollections().keySet());
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
    CollectionBodies.Creation body = RequestReader.read(call, CollectionBodies::create);
    StrictMode.requireServed(body.notes());
    call.database()
        .createCollection(
            call.collectionName(),
            body.config(),
            CollectionSettings.NONE.withNotes(CollectionNotes.parse("").with(body.notes()).text()));
    return Answers.ok(call, out -> out.writeBoolean(true));
  }

  private static Answer update(Call call) {
    call.query().requireWriteOptions();
    Collection collection = call.collection();
    CollectionNotes changes =
        RequestReader.read(call, in -> CollectionBodies.update(in, collection.config()));
    collection.changeSettings(
        old -> {
          CollectionNotes notes = CollectionNotes.parse(old.notes()).with(changes);
          StrictMode.requireServed(notes);
          return old.withNotes(notes.text());
        });
    return Answers.ok(call, out -> out.writeBoolean(true));
  }

  private static Answer declare(Call call) {
    boolean isWaiting = call.query().requireWriteOptions();
    Collection collection = call.collection();
    FieldBodies.Declaration body = RequestReader.read(call, FieldBodies::declare);
    StrictMode.of(collection).checkDeclaration(body.path());
    long sequence = collection.changeSettings(old -> old.withField(body.path(), body.index()));
    return PointRoutes.updated(call, sequence, isWaiting);
  }

  private static Answer undeclare(Call call) {
    boolean isWaiting = call.query().requireWriteOptions();
    Collection collection = call.collection();
    String path = FieldBodies.path(call.parameter("field_name"));
    long sequence = collection.changeSettings(old -> old.withoutField(path));
    return PointRoutes.updated(call, sequence, isWaiting);
  }

  private static Answer drop(Call call) {
    call.query().requireWriteOptions();
    boolean isDropped = call.database().dropCollection(call.collectionName());
    return Answers.ok(call, out -> out.writeBoolean(isDropped));
  }

  /// What no collection can be named, none is.
  private static Answer exists(Call call) {
    boolean isThere =
        call.hasCollectionName() && call.database().find(call.collectionName()).isPresent();
    return Answers.ok(
        call,
        out -> {
          out.writeStartObject();
          out.writeBooleanField("exists", isThere);
          out.writeEndObject();
        });
  }

  private static Answer advise(Call call) {
    Advice advice = call.collection().advice(call::isCancelled);
    return Answers.ok(call, out -> CollectionWriter.advice(advice, out));
  }

  private static Answer indexStatus(Call call) {
    CollectionStatus status = call.collection().status();
    return Answers.ok(call, out -> CollectionWriter.indexStatus(status, out));
  }
}
