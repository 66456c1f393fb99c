package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.capsdb.Collection;
import io.capsdb.FacetValue;
import io.capsdb.OrderedPoint;
import io.capsdb.PointNotFoundException;
import io.capsdb.ReadOptions;
import io.capsdb.ScrollPage;
import io.capsdb.StoredPoint;
import io.capsdb.filter.Filter;
import io.capsdb.formats.JsonPayloads;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Points: stored, fetched, deleted, counted, scrolled.
final class PointRoutes {
  private PointRoutes() {}

  static List<Route> all() {
    String points = "/collections/{collection_name}/points";
    return List.of(
        change("upsert_points", "PUT", points, ChangeBodies::upsert),
        Route.ask("get_points", points, PointRoutes::retrieve),
        Route.get("get_point", points + "/{id}", PointRoutes::get),
        change("delete_points", "POST", points + "/delete", ChangeBodies::delete),
        change("update_vectors", "PUT", points + "/vectors", ChangeBodies::updateVectors),
        change("delete_vectors", "POST", points + "/vectors/delete", ChangeBodies::deleteVectors),
        change("set_payload", "POST", points + "/payload", ChangeBodies::setPayload),
        change("overwrite_payload", "PUT", points + "/payload", ChangeBodies::overwritePayload),
        change("delete_payload", "POST", points + "/payload/delete", ChangeBodies::deletePayload),
        change("clear_payload", "POST", points + "/payload/clear", ChangeBodies::clearPayload),
        Route.write("batch_update", "POST", points + "/batch", PointRoutes::batch),
        Route.ask("count_points", points + "/count", PointRoutes::count),
        Route.ask("facet", "/collections/{collection_name}/facet", PointRoutes::facet),
        Route.ask("scroll_points", points + "/scroll", PointRoutes::scroll));
  }

  private static Route change(
      String operation, String method, String path, ChangeBodies.Form form) {
    return Route.write(operation, method, path, call -> change(call, form));
  }

  private static Answer change(Call call, ChangeBodies.Form form) {
    boolean isWaiting = call.query().requireWriteOptions();
    Collection collection = call.collection();
    ChangeBodies.Change change = RequestReader.read(call, in -> form.read(in, collection.config()));
    return updated(call, change.apply(collection), isWaiting);
  }

  /// The steps are read all before the first one is done; one that fails ends the batch, those
  /// before it stay done.
  private static Answer batch(Call call) {
    boolean isWaiting = call.query().requireWriteOptions();
    Collection collection = call.collection();
    List<ChangeBodies.Change> changes =
        RequestReader.read(call, in -> ChangeBodies.batch(in, collection.config()));
    List<Long> sequences = new ArrayList<>();
    for (ChangeBodies.Change change : changes) {
      sequences.add(change.apply(collection));
    }
    return Answers.ok(
        call,
        out -> {
          out.writeStartArray();
          for (long sequence : sequences) {
            updated(sequence, isWaiting, out);
          }
          out.writeEndArray();
        });
  }

  /// A write is done before it is answered, also for those who do not wait.
  static Answer updated(Call call, long sequence, boolean isWaiting) {
    return Answers.ok(call, out -> updated(sequence, isWaiting, out));
  }

  private static void updated(long sequence, boolean isWaiting, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    out.writeNumberField("operation_id", sequence);
    out.writeStringField("status", isWaiting ? "completed" : "acknowledged");
    out.writeEndObject();
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
            VectorSelector.all(collection.config()));
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
    List<StoredPoint> points =
        collection.get(body.ids(), call.reading(body.payload(), body.vectors()));
    PointWriter writer = new PointWriter(collection.config(), body.payload(), body.vectors());
    return Answers.ok(call, out -> writer.records(points, out));
  }

  private static Answer count(Call call) {
    call.query().requireReadOptions();
    Collection collection = call.collection();
    Filter filter = RequestReader.read(call, PointBodies::count);
    StrictMode.of(collection).checkRead(filter);
    long count = collection.count(filter, call::isCancelled);
    return Answers.ok(
        call,
        out -> {
          out.writeStartObject();
          out.writeNumberField("count", count);
          out.writeEndObject();
        });
  }

  private static Answer facet(Call call) {
    call.query().requireReadOptions();
    Collection collection = call.collection();
    PointBodies.Facet body = RequestReader.read(call, PointBodies::facet);
    StrictMode strict = StrictMode.of(collection);
    strict.checkLimit(body.limit());
    strict.checkRead(body.filter());
    List<FacetValue> values =
        collection.facet(body.field(), body.filter(), body.limit(), call::isCancelled);
    return Answers.ok(
        call,
        out -> {
          out.writeStartObject();
          out.writeArrayFieldStart("hits");
          for (FacetValue value : values) {
            out.writeStartObject();
            out.writeFieldName("value");
            JsonPayloads.writeValue(value.value(), out);
            out.writeNumberField("count", value.count());
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeEndObject();
        });
  }

  private static Answer scroll(Call call) {
    call.query().requireReadOptions();
    Collection collection = call.collection();
    PointBodies.Scroll body =
        RequestReader.read(call, in -> PointBodies.scroll(in, collection.config()));
    StrictMode strict = StrictMode.of(collection);
    strict.checkLimit(body.limit());
    strict.checkRead(body.filter());
    PointWriter writer = new PointWriter(collection.config(), body.payload(), body.vectors());
    ReadOptions options = call.reading(body.payload(), body.vectors());
    if (body.order().isPresent()) {
      List<OrderedPoint> ordered =
          collection.scroll(body.filter(), body.order().get(), body.limit(), options);
      return Answers.ok(
          call,
          out -> {
            out.writeStartObject();
            out.writeFieldName("points");
            writer.ordered(ordered, out);
            out.writeNullField("next_page_offset");
            out.writeEndObject();
          });
    }
    ScrollPage page = collection.scroll(body.filter(), body.from(), body.limit(), options);
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
