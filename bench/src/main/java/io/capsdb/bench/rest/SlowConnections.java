package io.capsdb.bench.rest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Connections that do harm: half of them say nothing, the others begin a header and send a byte of
/// it every second. One that the server cuts off comes again.
///
/// They do not know of one another: the first ones of all begin spread over the time in which the
/// server cuts off, so that it never cuts off, nor lets in, all of them at one moment.
final class SlowConnections implements AutoCloseable {
  private static final byte[] BEGINNING =
      "POST / HTTP/1.1\r\nHost: x\r\nX: ".getBytes(StandardCharsets.US_ASCII);

  /// Milliseconds in which the header must have come, by default.
  private static final int HEADER_MILLIS = 5_000;

  private final int port;
  private final List<Thread> threads = new ArrayList<>();

  SlowConnections(int port, int count) {
    this.port = port;
    for (int i = 0; i < count; i++) {
      boolean isTrickling = i % 2 == 0;
      long waitMillis = (long) HEADER_MILLIS * i / count;
      threads.add(Thread.ofVirtual().start(() -> run(isTrickling, waitMillis)));
    }
  }

  /// Waits until all of them are there.
  void await() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(HEADER_MILLIS);
  }

  private void run(boolean isTrickling, long waitMillis) {
    try {
      TimeUnit.MILLISECONDS.sleep(waitMillis);
    } catch (InterruptedException e) {
      return;
    }
    while (!Thread.currentThread().isInterrupted()) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (isTrickling) {
          socket.getOutputStream().write(BEGINNING);
        }
        while (isTrickling) {
          TimeUnit.SECONDS.sleep(1);
          socket.getOutputStream().write('x');
        }
        while (socket.getInputStream().read() >= 0) {
          // A half-open one waits until it is cut off.
        }
      } catch (IOException e) {
        // Cut off: so it comes again.
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
