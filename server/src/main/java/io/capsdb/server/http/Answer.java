package io.capsdb.server.http;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What goes back.
///
/// @param headers beyond those that every answer has
/// @param source what is sent in the place of the body; closed by whoever sends it
@SuppressWarnings("ArrayRecordComponent") // written once, then only sent
record Answer(
    int status,
    String contentType,
    byte[] body,
    Map<String, String> headers,
    Optional<Source> source) {
  static final String JSON = "application/json";

  /// Bytes that are read while they are sent.
  record Source(long length, InputStream in) {}

  Answer {
    headers = Map.copyOf(headers);
  }

  Answer(int status, String contentType, byte[] body, Map<String, String> headers) {
    this(status, contentType, body, headers, Optional.empty());
  }

  /// A file.
  static Answer file(Source source) {
    return new Answer(200, "application/octet-stream", new byte[0], Map.of(), Optional.of(source));
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
    return new Answer(status, contentType, body, more, source);
  }
}
