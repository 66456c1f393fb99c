package io.capsdb.server.http;

import io.capsdb.Collection;
import io.capsdb.Point;
import io.capsdb.PointNotFoundException;
import io.capsdb.ScrollPage;
import io.capsdb.StoredPoint;
import io.capsdb.filter.Filter;
import io.capsdb.point.PointId;
import java.util.List;

/// Points: stored, fetched, deleted, counted, scrolled.
final class PointRoutes {
  private PointRoutes() {}

  static List<Route> all() {
    String points = "/collections/{collection_name}/points";
    return List.of(
        Route.write("upsert_points", "PUT", points, PointRoutes::upsert),
        Route.ask("get_points", points, PointRoutes::retrieve),
        Route.get("get_point", points + "/{id}", PointRoutes::get),
        Route.write("delete_points", "POST", points + "/delete", PointRoutes::delete),
        Route.ask("count_points", points + "/count", PointRoutes::count),
        Route.ask("scroll_points", points + "/scroll", PointRoutes::scroll));
  }

  private static Answer upsert(Call call) {
    boolean isWaiting = call.query().requireWriteOptions();
    Collection collection = call.collection();
    List<Point> points =
        RequestReader.read(call, in -> PointBodies.upsert(in, collection.config()));
    return updated(call, collection.upsert(points), isWaiting);
  }

  private static Answer delete(Call call) {
    boolean isWaiting = call.query().requireWriteOptions();
    Collection collection = call.collection();
    long sequence =
        switch (RequestReader.read(call, PointBodies::delete)) {
          case PointBodies.Deletion.ByIds(List<PointId> ids) -> collection.delete(ids);
          case PointBodies.Deletion.ByFilter(Filter filter) -> collection.delete(filter);
        };
    return updated(call, sequence, isWaiting);
  }

  /// A write is done before it is answered, also for those who do not wait.
  private static Answer updated(Call call, long sequence, boolean isWaiting) {
    return Answers.ok(
        call,
        out -> {
          out.writeStartObject();
          out.writeNumberField("operation_id", sequence);
          out.writeStringField("status", isWaiting ? "completed" : "acknowledged");
          out.writeEndObject();
        });
  }

  private static Answer get(Call call) {
    call.query().requireReadOptions();
    Collection collection = call.collection();
    PointId id = id(call.parameter("id"));
    StoredPoint point =
        collection
            .get(id)
            .orElseThrow(() -> new PointNotFoundException("there is no point with id " + id));
    PointWriter writer =
        new PointWriter(
            collection.config(),
            new PayloadSelector.Everything(),
            new VectorSelector(collection.config().vectors().keySet()));
    return Answers.ok(call, out -> writer.record(point, out));
  }

  private static PointId id(String text) {
    try {
      return PointId.parse(text);
    } catch (IllegalArgumentException e) {
      throw Problem.format("path parameters", "id: " + e.getMessage());
    }
  }

  private static Answer retrieve(Call call) {
    call.query().requireReadOptions();
    Collection collection = call.collection();
    PointBodies.Retrieve body =
        RequestReader.read(call, in -> PointBodies.retrieve(in, collection.config()));
    List<StoredPoint> points = collection.get(body.ids());
    PointWriter writer = new PointWriter(collection.config(), body.payload(), body.vectors());
    return Answers.ok(call, out -> writer.records(points, out));
  }

  private static Answer count(Call call) {
    call.query().requireReadOptions();
    Collection collection = call.collection();
    long count = collection.count(RequestReader.read(call, PointBodies::count));
    return Answers.ok(
        call,
        out -> {
          out.writeStartObject();
          out.writeNumberField("count", count);
          out.writeEndObject();
        });
  }

  private static Answer scroll(Call call) {
    call.query().requireReadOptions();
    Collection collection = call.collection();
    PointBodies.Scroll body =
        RequestReader.read(call, in -> PointBodies.scroll(in, collection.config()));
    ScrollPage page = collection.scroll(body.filter(), body.from(), body.limit());
    PointWriter writer = new PointWriter(collection.config(), body.payload(), body.vectors());
    return Answers.ok(
        call,
        out -> {
          out.writeStartObject();
          out.writeFieldName("points");
          writer.records(page.points(), out);
          out.writeFieldName("next_page_offset");
          if (page.next().isPresent()) {
            PointWriter.id(page.next().get(), out);
          } else {
            out.writeNull();
          }
          out.writeEndObject();
        });
  }
}
