package io.capsdb.server.http;

import io.capsdb.formats.Json;
import io.capsdb.formats.JsonFormatException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A snapshot that comes from another server, while it is read.
///
/// Whoever may write could have this server ask others that only it can reach. So nothing is asked
/// but the hosts that its settings name, redirects are not followed, no proxy is asked, and bytes
/// and time are bounded. For one thread.
final class SnapshotFetch extends FilterInputStream {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final int OK = 200;

  private final HttpClient client;
  private final Thread watch;
  private final HttpConfig.SnapshotSources sources;
  private final int millis;
  private long bytes;
  private volatile boolean isLate;

  private SnapshotFetch(HttpClient client, HttpConfig.SnapshotSources sources, int millis) {
    super(InputStream.nullInputStream());
    this.client = client;
    this.sources = sources;
    this.millis = millis;
    // Only what closes the connection ends a read that waits for it.
    this.watch = Thread.ofVirtual().name("capsdb-snapshot-watch").start(this::watch);
  }

  private void watch() {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
      isLate = true;
      client.shutdownNow();
    } catch (InterruptedException e) {
      // It has all come.
    }
  }

  /// Whether a location is one that would be fetched.
  static boolean isUrl(String location) {
    return location.regionMatches(true, 0, "http://", 0, 7)
        || location.regionMatches(true, 0, "https://", 0, 8);
  }

  /// Checks a location, asks nobody.
  ///
  /// @throws Problem 403 if its host is not allowed
  static URI check(String location, HttpConfig.SnapshotSources sources) {
    URI uri;
    try {
      uri = new URI(location);
    } catch (URISyntaxException e) {
      throw new JsonFormatException("location", "it is no URL");
    }
    String host = uri.getHost();
    if (host == null || uri.getUserInfo() != null) {
      throw new JsonFormatException(
          "location", "a URL has a host, and no name and password before it");
    }
    String name = host.toLowerCase(Locale.ROOT);
    int usual = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    int port = uri.getPort() < 0 ? usual : uri.getPort();
    boolean isAllowed =
        sources.hosts().contains(name + ":" + port)
            || (port == usual && sources.hosts().contains(name));
    if (!isAllowed) {
      throw new Problem(
          403,
          "Forbidden: location: no snapshot is fetched from host '"
              + Json.shorten(name + ":" + port)
              + "', the server's setting snapshot-hosts does not name it");
    }
    return uri;
  }

  /// Begins to fetch; what fails is told to the caller.
  ///
  /// @param uri that [#check] let pass
  /// @param key of the other server
  /// @param millis until all of it must have come
  static SnapshotFetch open(
      URI uri, Optional<String> key, HttpConfig.SnapshotSources sources, int millis) {
    HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();
    SnapshotFetch fetch = new SnapshotFetch(client, sources, millis);
    try {
      fetch.ask(uri, key);
      return fetch;
    } catch (RuntimeException e) {
      fetch.stop();
      throw e;
    }
  }

  private void ask(URI uri, Optional<String> key) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    key.ifPresent(each -> request.header("api-key", each));
    HttpResponse<InputStream> response;
    try {
      response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.closing();
    } catch (IOException | IllegalArgumentException e) {
      // The latter for headers that are none, such as a length in letters.
      throw broken("the host cannot be reached, or gives no answer of HTTP");
    }
    in = response.body();
    if (response.statusCode() != OK) {
      boolean isElsewhere = response.statusCode() / 100 == 3;
      throw new Problem(
          400,
          "Wrong input: location: the host answered with "
              + response.statusCode()
              + (isElsewhere ? ", redirects are not followed" : ""));
    }
    response.headers().firstValueAsLong("Content-Length").ifPresent(this::requireRoom);
  }

  private void requireRoom(long length) {
    if (length > sources.maxBytes()) {
      throw new Problem(
          400,
          "Wrong input: location: the snapshot has more than "
              + sources.maxBytes()
              + " bytes, the server's setting snapshot-max-mib");
    }
  }

  private Problem broken(String what) {
    return isLate
        ? new Problem(408, "the snapshot did not come within " + millis + " ms")
        : new Problem(400, "Wrong input: location: " + what);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    int count;
    try {
      count = in.read(into, from, length);
    } catch (IOException e) {
      throw broken("the snapshot did not come to its end");
    }
    bytes += Math.max(0, count);
    requireRoom(bytes);
    return count;
  }

  @Override
  public void close() throws IOException {
    stop();
    super.close();
  }

  private void stop() {
    watch.interrupt();
    client.shutdownNow();
  }
}
