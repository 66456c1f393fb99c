package io.capsdb.server.http;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// What goes back.
///
/// @param headers beyond those that every answer has
@SuppressWarnings("ArrayRecordComponent") // written once, then only sent
record Answer(int status, String contentType, byte[] body, Map<String, String> headers) {
  static final String JSON = "application/json";

  Answer {
    headers = Map.copyOf(headers);
  }

  static Answer json(int status, byte[] body) {
    return new Answer(status, JSON, body, Map.of());
  }

  static Answer text(int status, String text) {
    return new Answer(
        status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  static Answer empty(int status) {
    return new Answer(status, "", new byte[0], Map.of());
  }

  Answer with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new Answer(status, contentType, body, more);
  }
}
