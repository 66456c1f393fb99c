package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.Point;
import io.capsdb.formats.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Points as lines of JSON, of which the bad ones are left out and told.
final class ImportRoutes {
  private static final int BATCH = 1_000;
  private static final int MAX_REJECTS_TOLD = 100;

  private ImportRoutes() {}

  static List<Route> all() {
    return List.of(
        new Route(
            "import_points",
            "POST",
            "/collections/{collection_name}/points/import",
            Route.Place.WRITER,
            true,
            ImportRoutes::importLines));
  }

  /// A line that was left out.
  private record Reject(int line, String error) {}

  /// What has been read so far.
  private static final class Lines {
    final Collection collection;
    final List<Point> batch = new ArrayList<>();
    final List<Integer> numbers = new ArrayList<>();
    final List<Reject> rejects = new ArrayList<>();
    int stored;
    int rejected;

    Lines(Collection collection) {
      this.collection = collection;
    }

    void add(Point point, int line) {
      batch.add(point);
      numbers.add(line);
      if (batch.size() == BATCH) {
        store();
      }
    }

    void reject(int line, String error) {
      rejected++;
      if (rejects.size() < MAX_REJECTS_TOLD) {
        rejects.add(new Reject(line, error));
      }
    }

    /// A batch is stored all or not at all; where it is not, its points are tried one by one.
    void store() {
      if (batch.isEmpty()) {
        return;
      }
      try {
        collection.upsert(batch);
        stored += batch.size();
      } catch (IllegalArgumentException e) {
        for (int i = 0; i < batch.size(); i++) {
          try {
            collection.upsert(List.of(batch.get(i)));
            stored++;
          } catch (IllegalArgumentException wrong) {
            String text = String.valueOf(wrong.getMessage());
            reject(numbers.get(i), text.replaceFirst("^points\\[0] ", ""));
          }
        }
      }
      batch.clear();
      numbers.clear();
    }
  }

  private static Answer importLines(Call call) {
    call.query().requireWriteOptions();
    Collection collection = call.collection();
    Lines lines = new Lines(collection);
    byte[] body = call.body();
    int number = 0;
    for (int from = 0; from < body.length; ) {
      int end = from;
      while (end < body.length && body[end] != '\n') {
        end++;
      }
      number++;
      readLine(body, from, end, number, collection.config(), lines);
      from = end + 1;
    }
    lines.store();
    return Answers.ok(
        call,
        out -> {
          out.writeStartObject();
          out.writeNumberField("stored", lines.stored);
          out.writeNumberField("rejected", lines.rejected);
          out.writeArrayFieldStart("rejects");
          for (Reject reject : lines.rejects) {
            out.writeStartObject();
            out.writeNumberField("line", reject.line());
            out.writeStringField("error", reject.error());
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeEndObject();
        });
  }

  private static void readLine(
      byte[] body, int from, int end, int number, CollectionConfig config, Lines lines) {
    try (JsonParser in = Json.factory().createParser(body, from, end - from)) {
      if (in.nextToken() == null) {
        return;
      }
      Json.require(in, JsonToken.START_OBJECT, "an object");
      Point point = PointBodies.readPoint(in, config);
      Json.requireEnd(in);
      lines.add(point, number);
    } catch (JsonProcessingException e) {
      lines.reject(number, String.valueOf(Json.error(e).getMessage()));
    } catch (IOException e) {
      lines.reject(number, "the line is not well-formed Unicode");
    } catch (IllegalArgumentException e) {
      lines.reject(number, String.valueOf(e.getMessage()));
    }
  }
}
