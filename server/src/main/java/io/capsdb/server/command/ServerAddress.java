package io.capsdb.server.command;

import io.capsdb.server.client.Pause;
import io.capsdb.server.client.RestClient;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The options that name a collection of a server.
final class ServerAddress {
  static final String DEFAULT_URL = "http://127.0.0.1:6333";

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = DEFAULT_URL,
      description = "address of the server (default: ${DEFAULT-VALUE})")
  private String url = DEFAULT_URL;

  @Option(
      names = "--collection",
      paramLabel = "NAME",
      required = true,
      description = "the collection")
  private String collection = "";

  ServerAddress() {}

  ServerAddress(Optional<String> url, String collection) {
    this.url = url.orElse(DEFAULT_URL);
    this.collection = collection;
  }

  String collection() {
    if (collection.isEmpty()) {
      throw new UsageException("--collection: the name is empty");
    }
    return collection;
  }

  RestClient connect(Pause pause) {
    return connect(url, pause);
  }

  static RestClient connect(String url, Pause pause) {
    return connect(url, pause, Optional.ofNullable(System.getenv("CAPSDB_API_KEY")));
  }

  /// @param apiKey that requests carry
  static RestClient connect(String url, Pause pause, Optional<String> apiKey) {
    try {
      URI uri = new URI(url);
      boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (isHttp && uri.getHost() != null) {
        return new RestClient(uri, pause, apiKey);
      }
    } catch (URISyntaxException e) {
      throw new UsageException("--url: '" + url + "' is no URL: " + e.getReason());
    }
    throw new UsageException("--url: '" + url + "' is no URL like " + DEFAULT_URL);
  }
}
