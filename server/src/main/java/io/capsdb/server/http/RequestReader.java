package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonFormatException;
import java.io.IOException;

/// Reads the body of a request, which is one JSON object and nothing after it. What each kind of
/// body may say stands in the classes whose names end in `Bodies`.
final class RequestReader {
  private RequestReader() {}

  /// Reads the object at which the parser stands, and leaves the parser at its end.
  @FunctionalInterface
  interface Body<T> {
    T read(JsonParser in) throws IOException;
  }

  /// @throws JsonFormatException if the body is malformed
  /// @throws Json.OutOfBoundsException if a value is too small, too large or too long
  static <T> T read(Call call, Body<T> body) {
    try (JsonParser in = Json.factory().createParser(call.body())) {
      if (in.nextToken() == null) {
        throw new JsonFormatException("the body is empty, expected an object");
      }
      Json.require(in, JsonToken.START_OBJECT, "an object");
      T value = body.read(in);
      Json.requireEnd(in);
      return value;
    } catch (JsonProcessingException e) {
      throw Json.error(e);
    } catch (IOException e) {
      throw new JsonFormatException("the body is not well-formed Unicode");
    }
  }

  static JsonFormatException unknown(JsonParser in, String key, String allowed) {
    return Json.error(in, "unknown key '" + Json.shorten(key) + "', " + allowed);
  }

  static JsonFormatException notServed(JsonParser in, String what) {
    return Json.error(in, what + " is not served by this version");
  }

  /// There are no shards, so only a null is let pass.
  static void requireNoShardKey(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.VALUE_NULL) {
      throw notServed(in, "a shard key");
    }
  }
}
