package io.capsdb.server.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// The description of the API, written as YAML and served as JSON.
final class OpenApi {
  private static final String RESOURCE = "/io/capsdb/apispec/openapi.yaml";

  private OpenApi() {}

  /// Reads the document once, at the start.
  static byte[] json() {
    try (InputStream yaml = OpenApi.class.getResourceAsStream(RESOURCE)) {
      if (yaml == null) {
        throw new IllegalStateException("the API document is missing from the class path");
      }
      return new ObjectMapper().writeValueAsBytes(new YAMLMapper().readTree(yaml));
    } catch (IOException e) {
      throw new UncheckedIOException("the API document cannot be read", e);
    }
  }
}
