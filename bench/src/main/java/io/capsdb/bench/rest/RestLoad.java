package io.capsdb.bench.rest;

import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.server.http.HttpConfig;
import io.capsdb.server.http.HttpServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// Load over REST: upserts of 128 and 768 dimensions, one body of 32 MB, filtered searches by 1, 8
/// and 64 clients, at half of the highest rate, and beside a thousand connections that trickle.
///
/// Server and clients share the machine, so that rates are those of both together.
public final class RestLoad {
  private static final int BATCH = 500;
  private static final int[] CLIENTS = {1, 8, 64};
  private static final int SLOW_CONNECTIONS = 1_000;
  private static final int TENANTS = 100;

  private final PrintStream out;
  private final int points;
  private final double seconds;
  private final LongSupplier clock = DatabaseOptions.defaults().nanoClock();
  private final HttpClient http = HttpClient.newHttpClient();
  private final SplittableRandom random = new SplittableRandom(1);

  private RestLoad(PrintStream out, int points, double seconds) {
    this.out = out;
    this.points = points;
    this.seconds = seconds;
  }

  /// @param args number of points and seconds of each measurement, 50,000 and 5 where they are
  ///     missing; at last an empty folder for the data
  public static void main(String[] args) throws IOException, InterruptedException {
    int points = args.length > 1 ? Integer.parseInt(args[0]) : 50_000;
    double seconds = args.length > 2 ? Double.parseDouble(args[1]) : 5;
    new RestLoad(System.out, points, seconds).run(Path.of(args[args.length - 1]));
  }

  private void run(Path folder) throws IOException, InterruptedException {
    try (Database database = Database.open(folder, DatabaseOptions.defaults());
        HttpServer server = HttpServer.start(database, HttpConfig.defaults("bench").withPort(0))) {
      String base = "http://127.0.0.1:" + server.port();
      out.printf(Locale.ROOT, "%,d points, %.0f s for each measurement%n", points, seconds);
      upserts(base, 128);
      upserts(base, 768);
      largeBody(base);
      searches(base, server.port());
    }
  }

  private int send(String method, String url, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private void require(String method, String url, String body)
      throws IOException, InterruptedException {
    int status = send(method, url, body);
    if (status != 200) {
      throw new IOException(method + " " + url + " was answered with " + status);
    }
  }

  private String vector(int dimension) {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < dimension; i++) {
      text.append(i == 0 ? "" : ",").append((float) random.nextGaussian());
    }
    return text.append(']').toString();
  }

  private String points(int first, int count, int dimension) {
    StringBuilder body = new StringBuilder("{\"points\":[");
    for (int id = first; id < first + count; id++) {
      body.append(id == first ? "" : ",").append("{\"id\":").append(id);
      body.append(",\"vector\":").append(vector(dimension));
      body.append(",\"payload\":{\"tenant\":").append(id % TENANTS);
      body.append(",\"price\":").append(random.nextInt(1_000)).append("}}");
    }
    return body.append("]}").toString();
  }

  private static String name(String base, int dimension) {
    return base + "/collections/d" + dimension;
  }

  private void upserts(String base, int dimension) throws IOException, InterruptedException {
    String url = name(base, dimension);
    require("PUT", url, "{\"vectors\":{\"size\":" + dimension + ",\"distance\":\"Euclid\"}}");
    // As many bytes for each dimension; bodies are made before the clock runs.
    int count = dimension == 128 ? points : points * 128 / dimension;
    List<String> bodies = new ArrayList<>();
    for (int first = 0; first < count; first += BATCH) {
      bodies.add(points(first, Math.min(BATCH, count - first), dimension));
    }
    long begin = clock.getAsLong();
    for (String body : bodies) {
      require("PUT", url + "/points?wait=true", body);
    }
    double taken = (clock.getAsLong() - begin) / 1e9;
    long bytes = bodies.stream().mapToLong(String::length).sum();
    out.printf(
        Locale.ROOT,
        "upsert %4d-d: %,9.0f points/s, %6.1f MB/s (one client, batches of %d, each forced)%n",
        dimension,
        count / taken,
        bytes / taken / 1e6,
        BATCH);
  }

  private void largeBody(String base) throws IOException, InterruptedException {
    String url = name(base, 768);
    int count = 3_200;
    String body = points(1_000_000, count, 768);
    while (body.length() > 32 << 20) {
      count -= 100;
      body = points(1_000_000, count, 768);
    }
    double best = Double.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long begin = clock.getAsLong();
      require("PUT", url + "/points?wait=true", body);
      best = Math.min(best, (clock.getAsLong() - begin) / 1e9);
    }
    out.printf(
        Locale.ROOT,
        "one body of %.1f MB, %d points of 768-d: %.2f s, best of 5, stored and forced%n",
        body.length() / 1e6,
        count,
        best);
  }

  private String query(SplittableRandom own) {
    StringBuilder text = new StringBuilder("{\"limit\":10,\"query\":[");
    for (int i = 0; i < 128; i++) {
      text.append(i == 0 ? "" : ",").append((float) own.nextGaussian());
    }
    return text.append("],\"filter\":{\"must\":[{\"key\":\"price\",\"range\":{\"lt\":100}}]}}")
        .toString();
  }

  private void searches(String base, int port) throws IOException, InterruptedException {
    String url = name(base, 128) + "/points/query";
    long green = clock.getAsLong();
    while (!get(name(base, 128)).contains("\"status\":\"green\"")) {
      Thread.sleep(200);
    }
    out.printf(Locale.ROOT, "green after another %.1f s%n", (clock.getAsLong() - green) / 1e9);
    measure(url, 2, 0); // warm
    double most = 0;
    for (int clients : CLIENTS) {
      Times times = measure(url, clients, 0);
      most = Math.max(most, times.rate());
      show("search, " + clients + " clients", times);
    }
    Times half = measure(url, 8, most / 2);
    show("search at half of the highest rate", half);
    out.printf(
        Locale.ROOT,
        "p99 at half rate is %.1f times the median (bar: 3)%n",
        half.quantile(0.99) / half.quantile(0.5));
    List<Socket> slow = trickle(port);
    Times beside = measure(url, 8, most / 2);
    show("the same beside " + slow.size() + " trickling connections", beside);
    out.printf(
        Locale.ROOT,
        "p99 beside them is %.2f times that without (bar: 1.5)%n",
        beside.quantile(0.99) / half.quantile(0.99));
    for (Socket socket : slow) {
      socket.close();
    }
  }

  private String get(String url) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private void show(String what, Times times) {
    out.printf(
        Locale.ROOT,
        "%-44s %,8.0f/s  p50 %7.2f ms  p99 %7.2f ms  errors %d%n",
        what,
        times.rate(),
        times.quantile(0.5) * 1e3,
        times.quantile(0.99) * 1e3,
        times.errors());
  }

  /// @param seconds of each answer, ascending
  @SuppressWarnings("ArrayRecordComponent") // written once, then only read
  private record Times(double[] seconds, double rate, int errors) {
    double quantile(double share) {
      return seconds.length == 0
          ? Double.NaN
          : seconds[(int) Math.min(seconds.length - 1L, (long) (share * seconds.length))];
    }
  }

  /// @param rate of all clients together; 0 for as fast as they can
  private Times measure(String url, int clients, double rate) throws InterruptedException {
    List<List<Double>> taken = new ArrayList<>();
    int[] errors = new int[clients];
    List<Thread> threads = new ArrayList<>();
    long begin = clock.getAsLong();
    long end = begin + (long) (seconds * 1e9);
    for (int client = 0; client < clients; client++) {
      int number = client;
      List<Double> own = new ArrayList<>();
      taken.add(own);
      SplittableRandom drawn = random.split();
      threads.add(
          Thread.ofVirtual()
              .start(() -> errors[number] = ask(url, drawn, clients, rate, begin, end, own)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    double elapsed = (clock.getAsLong() - begin) / 1e9;
    double[] all =
        taken.stream().flatMap(List::stream).mapToDouble(Double::doubleValue).sorted().toArray();
    return new Times(all, all.length / elapsed, Arrays.stream(errors).sum());
  }

  /// A client that keeps to a rate counts from when it should have asked, so that waiting shows.
  private int ask(
      String url,
      SplittableRandom drawn,
      int clients,
      double rate,
      long begin,
      long end,
      List<Double> taken) {
    int errors = 0;
    for (long i = 0; ; i++) {
      long due = rate == 0 ? clock.getAsLong() : begin + (long) (i * clients * 1e9 / rate);
      if (due >= end) {
        return errors;
      }
      while (clock.getAsLong() < due) {
        LockSupport.parkNanos(due - clock.getAsLong());
      }
      try {
        if (send("POST", url, query(drawn)) != 200) {
          errors++;
        }
        taken.add((clock.getAsLong() - due) / 1e9);
      } catch (IOException e) {
        errors++;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return errors;
      }
    }
  }

  /// Connections that begin a header and send a byte of it every second, until they are closed.
  private static List<Socket> trickle(int port) throws IOException {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < SLOW_CONNECTIONS; i++) {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket
          .getOutputStream()
          .write("POST / HTTP/1.1\r\nHost: x\r\nX: ".getBytes(StandardCharsets.US_ASCII));
      sockets.add(socket);
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  while (true) {
                    TimeUnit.SECONDS.sleep(1);
                    socket.getOutputStream().write('x');
                  }
                } catch (IOException | InterruptedException e) {
                  // Closed, by the server's deadline or by us.
                }
              });
    }
    return sockets;
  }
}
