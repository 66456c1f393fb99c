package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.OverloadedException;
import io.capsdb.Point;
import io.capsdb.formats.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/// Points as lines of JSON, stored while they come. The bad ones are left out and told.
final class ImportRoutes {
  private static final int BATCH = 1_000;

  /// Bytes of lines that are stored at once, about.
  private static final long BATCH_BYTES = 4 << 20;

  private static final int MAX_LINE_BYTES = 8 << 20;
  private static final int MAX_REJECTS_TOLD = 100;

  /// How often a batch is tried again where the background is behind with sealing. Each time waits
  /// for it, and meanwhile nothing is read from the client.
  private static final int RETRIES = 20;

  private ImportRoutes() {}

  static List<Route> all() {
    return List.of(
        new Route(
            "import_points",
            "POST",
            "/collections/{collection_name}/points/import",
            Route.Place.WRITER,
            Route.Body.LINES,
            ImportRoutes::importLines));
  }

  /// What has been read so far.
  private static final class Lines {
    final Collection collection;
    final BooleanSupplier isGone;
    final List<Point> batch = new ArrayList<>();
    final List<Long> numbers = new ArrayList<>();
    /// By line, the first ones: those that do not fit the collection are known later than those
    /// that are no points.
    final NavigableMap<Long, String> rejects = new TreeMap<>();

    long bytes;
    long stored;
    long rejected;

    Lines(Collection collection, BooleanSupplier isGone) {
      this.collection = collection;
      this.isGone = isGone;
    }

    void add(Point point, long line, int length) {
      batch.add(point);
      numbers.add(line);
      bytes += length;
      if (batch.size() == BATCH || bytes >= BATCH_BYTES) {
        store();
      }
    }

    void reject(long line, String error) {
      rejected++;
      rejects.put(line, error);
      if (rejects.size() > MAX_REJECTS_TOLD) {
        rejects.pollLastEntry();
      }
    }

    /// A batch is stored all or not at all; where it is not, its points are tried one by one.
    void store() {
      if (batch.isEmpty()) {
        return;
      }
      try {
        upsert(batch);
        stored += batch.size();
      } catch (IllegalArgumentException e) {
        for (int i = 0; i < batch.size(); i++) {
          try {
            upsert(List.of(batch.get(i)));
            stored++;
          } catch (IllegalArgumentException wrong) {
            String text = String.valueOf(wrong.getMessage());
            reject(numbers.get(i), text.replaceFirst("^points\\[0] ", ""));
          }
        }
      }
      batch.clear();
      numbers.clear();
      bytes = 0;
    }

    private void upsert(List<Point> points) {
      StrictMode.of(collection).checkPoints(collection, points.size());
      for (int attempt = 0; ; attempt++) {
        try {
          collection.upsert(points);
          return;
        } catch (OverloadedException e) {
          if (attempt == RETRIES || isGone.getAsBoolean()) {
            throw Problem.tooMuch(e.getMessage() + "; before, " + stored + " points were stored");
          }
        }
      }
    }
  }

  private static Answer importLines(Call call) throws IOException {
    call.query().requireWriteOptions();
    Collection collection = call.collection();
    Lines lines = new Lines(collection, call.isGone());
    int most = (int) Math.min(MAX_LINE_BYTES, call.config().limits().maxBodyBytes());
    LineInput in = new LineInput(call.stream(), most);
    while (in.next()) {
      if (in.isTooLong()) {
        lines.reject(in.number(), "the line has more than " + most + " bytes");
      } else {
        readLine(in, collection.config(), lines);
      }
    }
    lines.store();
    return Answers.ok(
        call,
        out -> {
          out.writeStartObject();
          out.writeNumberField("stored", lines.stored);
          out.writeNumberField("rejected", lines.rejected);
          out.writeArrayFieldStart("rejects");
          for (Map.Entry<Long, String> reject : lines.rejects.entrySet()) {
            out.writeStartObject();
            out.writeNumberField("line", reject.getKey());
            out.writeStringField("error", reject.getValue());
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeEndObject();
        });
  }

  private static void readLine(LineInput line, CollectionConfig config, Lines lines) {
    long number = line.number();
    Point point;
    try (JsonParser in = Json.factory().createParser(line.buffer(), line.from(), line.length())) {
      if (in.nextToken() == null) {
        return;
      }
      Json.require(in, JsonToken.START_OBJECT, "an object");
      point = PointBodies.readPoint(in, config);
      Json.requireEnd(in);
    } catch (JsonProcessingException e) {
      lines.reject(number, String.valueOf(Json.error(e).getMessage()));
      return;
    } catch (IOException e) {
      lines.reject(number, "the line is not well-formed Unicode");
      return;
    } catch (IllegalArgumentException e) {
      lines.reject(number, String.valueOf(e.getMessage()));
      return;
    }
    lines.add(point, number, line.length());
  }
}
