package io.capsdb.server.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// HTTP by hand, for what a proper client refuses to send.
final class RawHttp implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;
  private final OutputStream out;
  private final BufferedReader in;

  RawHttp(int port) throws IOException {
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    this.socket.setSoTimeout(PATIENCE_MILLIS);
    this.out = socket.getOutputStream();
    this.in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
  }

  static ApiClient.Reply exchange(int port, String request) {
    try (RawHttp raw = new RawHttp(port)) {
      raw.send(request);
      return raw.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void send(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /// Reads one answer.
  ApiClient.Reply read() throws IOException {
    String first = in.readLine();
    if (first == null) {
      throw new IOException("the connection was closed");
    }
    int status = Integer.parseInt(first.substring(9, 12));
    Map<String, List<String>> headers = new LinkedHashMap<>();
    int length = 0;
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      String name = line.substring(0, line.indexOf(':'));
      String value = line.substring(line.indexOf(':') + 1).strip();
      headers.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
      if (name.equalsIgnoreCase("content-length")) {
        length = Integer.parseInt(value);
      }
    }
    char[] body = new char[length];
    int count = 0;
    while (count < length) {
      int more = in.read(body, count, length - count);
      if (more < 0) {
        throw new IOException("the answer was cut off");
      }
      count += more;
    }
    return new ApiClient.Reply(status, new String(body), new RawResponse(status, headers));
  }

  /// Whether the server closes the connection without another byte.
  boolean isClosedByServer() throws IOException {
    try {
      return in.read() < 0;
    } catch (java.net.SocketException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private record RawResponse(int statusCode, Map<String, List<String>> map)
      implements HttpResponse<byte[]> {
    @Override
    public HttpHeaders headers() {
      return HttpHeaders.of(map, (_, _) -> true);
    }

    @Override
    public byte[] body() {
      return new byte[0];
    }

    @Override
    public HttpRequest request() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<HttpResponse<byte[]>> previousResponse() {
      return Optional.empty();
    }

    @Override
    public Optional<SSLSession> sslSession() {
      return Optional.empty();
    }

    @Override
    public java.net.@Nullable URI uri() {
      return null;
    }

    @Override
    public HttpClient.Version version() {
      return HttpClient.Version.HTTP_1_1;
    }
  }
}
