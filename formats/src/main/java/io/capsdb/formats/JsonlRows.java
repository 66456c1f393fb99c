package io.capsdb.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One JSON object a line: `{"id": …, "vector": […], "payload": {…}}`, or flat, where all but the
/// vector is a field of the payload, the id too. Several vectors, or sparse ones, are an object by
/// name. Blank lines are passed over.
final class JsonlRows implements RowSource {
  private static final int MAX_LINE = 16 << 20;

  private final FileInput in;
  private final LineBytes lines;
  private long line;
  private long next;

  JsonlRows(FileInput in) {
    this.in = in;
    this.lines = new LineBytes(in, MAX_LINE);
  }

  @Override
  public Optional<Row> next() throws IOException {
    while (lines.advance()) {
      line++;
      if (lines.isBlank()) {
        continue;
      }
      return Optional.of(row(next++));
    }
    return Optional.empty();
  }

  private Row row(long number) throws IOException {
    if (lines.isTooLong()) {
      return Row.rejected(number, line, "the line is longer than " + MAX_LINE + " bytes");
    }
    try {
      return parse(number, lines.text());
    } catch (CharacterCodingException e) {
      return Row.rejected(number, line, "the line is not UTF-8");
    } catch (JsonProcessingException e) {
      return Row.rejected(number, line, String.valueOf(Json.error(e).getMessage()));
    } catch (IllegalArgumentException e) {
      return Row.rejected(number, line, String.valueOf(e.getMessage()));
    }
  }

  private Row parse(long number, String text) throws IOException {
    Optional<PointId> id = Optional.empty();
    float[] vector = null;
    NamedVectors named = null;
    Map<String, @Nullable Object> flat = new LinkedHashMap<>();
    Payload nested = null;
    try (JsonParser parser = Json.factory().createParser(text)) {
      parser.nextToken();
      Json.require(parser, JsonToken.START_OBJECT, "an object");
      for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
        parser.nextToken();
        switch (key) {
          case "id" -> {
            id = Optional.of(readId(parser));
            flat.put(key, JsonPayloads.readValue(parser));
          }
          case "vector" -> {
            if (parser.currentToken() == JsonToken.START_OBJECT) {
              named = NamedVectors.read(parser);
            } else {
              vector = Vectors.read(parser);
            }
          }
          case "payload" -> {
            if (parser.currentToken() == JsonToken.START_OBJECT) {
              nested = JsonPayloads.read(parser);
            } else if (parser.currentToken() != JsonToken.VALUE_NULL) {
              flat.put(key, JsonPayloads.readValue(parser));
            }
          }
          default -> flat.put(key, JsonPayloads.readValue(parser));
        }
      }
      Json.requireEnd(parser);
    }
    if (nested != null) {
      flat.remove("id");
      if (!flat.isEmpty()) {
        throw new JsonFormatException(
            "fields " + flat.keySet() + " stand beside payload; put them into it");
      }
    }
    Payload payload = nested == null ? Payload.of(flat) : nested;
    if (named != null) {
      return new Row(number, line, id, null, Optional.of(named), payload, named.check());
    }
    Optional<String> rejection = vector == null ? Optional.empty() : Vectors.check(vector);
    return new Row(number, line, id, vector, payload, rejection);
  }

  private static PointId readId(JsonParser in) throws IOException {
    return switch (in.currentToken()) {
      case VALUE_STRING, VALUE_NUMBER_INT -> PointId.parse(in.getText());
      case null, default ->
          throw Json.error(
              in, "expected a whole number or a UUID, found " + Json.describe(in.currentToken()));
    };
  }

  /// A vector written as a JSON array, as CSV files hold it.
  static float[] parseVector(String text) throws IOException {
    try (JsonParser parser = Json.factory().createParser(text)) {
      parser.nextToken();
      float[] vector = Vectors.read(parser);
      Json.requireEnd(parser);
      return vector;
    } catch (JsonProcessingException e) {
      throw Json.error(e);
    }
  }

  @Override
  public String file() {
    return in.name();
  }

  @Override
  public OptionalLong rowCount() {
    return OptionalLong.empty();
  }

  @Override
  public double progress() {
    return in.progress();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
