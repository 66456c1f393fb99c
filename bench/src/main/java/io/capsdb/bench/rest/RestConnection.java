package io.capsdb.bench.rest;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// One connection that asks one thing after the other. It does as little as can be, so that what is
/// measured is the server. For one thread.
final class RestConnection implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 120_000;
  private static final String LENGTH = "content-length:";

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  RestConnection(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /// @param status of HTTP
  record Reply(int status, String body) {}

  /// The bytes of a request.
  static byte[] request(String method, String path, byte[] body) {
    byte[] head = head(method, path, body.length).getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[head.length + body.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    return all;
  }

  static byte[] request(String method, String path, String body) {
    return request(method, path, body.getBytes(StandardCharsets.UTF_8));
  }

  private static String head(String method, String path, int length) {
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
        + length
        + "\r\n\r\n";
  }

  /// Sends a request and waits for its answer.
  Reply ask(byte[] request) throws IOException {
    out.write(request);
    return read();
  }

  private Reply read() throws IOException {
    String first = line();
    int status = Integer.parseInt(first.substring(9, 12));
    int length = 0;
    for (String line = line(); !line.isEmpty(); line = line()) {
      if (line.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
        length = Integer.parseInt(line.substring(LENGTH.length()).strip());
      }
    }
    byte[] body = in.readNBytes(length);
    return new Reply(status, new String(body, StandardCharsets.UTF_8));
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the server closed the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
