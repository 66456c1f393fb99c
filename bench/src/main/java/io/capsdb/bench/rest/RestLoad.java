package io.capsdb.bench.rest;

import io.capsdb.DatabaseOptions;
import io.capsdb.vector.Kernels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/// Load over REST: upserts of 128 and 768 dimensions, one body of 32 MB, filtered searches by 1, 8
/// and 64 clients, at half of the highest rate, and beside a thousand connections that do harm; at
/// last many large bodies against a small heap.
///
/// The server is a process of its own. It shares the machine with the clients, so that rates are
/// those of both together.
public final class RestLoad {
  private static final int BATCH = 500;
  private static final int WARM_BATCHES = 20;
  private static final int[] CLIENTS = {1, 8, 64};
  private static final int PACED = 8;
  private static final int QUERIES = 1_000;
  private static final int WARM_ROUNDS = 3;
  private static final int ROUNDS = 3;
  private static final int SLOW_CONNECTIONS = 1_000;
  private static final int LARGE_BYTES = 32_000_000;
  private static final int LARGE_TRIES = 10;
  private static final int FLOOD_CLIENTS = 256;
  private static final int FLOOD_BYTES = 32 << 20;
  private static final String SMALL_HEAP = "-Xmx512m";

  private final int points;
  private final double seconds;
  private final RestPage page = new RestPage();
  private double spare = 1;
  private int looks;
  private final LongSupplier clock = DatabaseOptions.defaults().nanoClock();
  private final SplittableRandom random = new SplittableRandom(1);
  private final Bodies bodies = new Bodies(random);

  private RestLoad(int points, double seconds) {
    this.points = points;
    this.seconds = seconds;
  }

  /// Prints the page; progress goes to standard error.
  ///
  /// @param args number of points and seconds of each measurement, 50,000 and 5 where they are
  ///     missing; at last an empty folder for the data
  public static void main(String[] args) throws IOException, InterruptedException {
    int points = args.length > 1 ? Integer.parseInt(args[0]) : 50_000;
    double seconds = args.length > 2 ? Double.parseDouble(args[1]) : 5;
    RestLoad load = new RestLoad(points, seconds);
    load.run(Path.of(args[args.length - 1]));
    System.out.print(load.page.text(machine(), load.setting()));
  }

  private static String machine() {
    return String.format(
        Locale.ROOT,
        "Machine: %s, %d processors, Java %s, kernels `%s`. Commit: %s.",
        System.getProperty("bench.machine", "unknown"),
        Runtime.getRuntime().availableProcessors(),
        Runtime.version(),
        Kernels.best().name(),
        System.getProperty("bench.commit", "unknown"));
  }

  private String setting() {
    return String.format(
        Locale.ROOT,
        "%,d points of 128 values, %s s for each measurement. Others left %.0f %% of the processors, the"
            + " least of %d looks.",
        points,
        seconds == Math.rint(seconds) ? String.valueOf((long) seconds) : String.valueOf(seconds),
        100 * spare,
        looks);
  }

  /// Looks how busy others are.
  private void look() throws InterruptedException {
    spare = Math.min(spare, new SpareTime(clock).share());
    looks++;
    tell("others leave %.0f %% of the processors, the least so far", 100 * spare);
  }

  private static void tell(String format, Object... args) {
    System.err.printf(Locale.ROOT, format + "%n", args);
  }

  private void run(Path folder) throws IOException, InterruptedException {
    look(); // before there is a server, whose start would count as others
    try (RestServer server = new RestServer(folder.resolve("data"));
        RestConnection connection = new RestConnection(server.port())) {
      upserts(connection, 128);
      upserts(connection, 768);
      largeBody(connection);
      awaitGreen(connection);
      searches(server.port());
    }
    flood(folder.resolve("small"));
  }

  private static RestConnection.Reply require(
      RestConnection connection, int status, String method, String path, byte[] body)
      throws IOException {
    RestConnection.Reply reply = connection.ask(RestConnection.request(method, path, body));
    if (reply.status() != status) {
      throw new IOException(
          method + " " + path + " was answered with " + reply.status() + ": " + reply.body());
    }
    return reply;
  }

  private static String path(int dimension) {
    return "/collections/d" + dimension;
  }

  private static void create(RestConnection connection, int dimension) throws IOException {
    String body = "{\"vectors\":{\"size\":" + dimension + ",\"distance\":\"Euclid\"}}";
    require(connection, 200, "PUT", path(dimension), body.getBytes(StandardCharsets.US_ASCII));
  }

  private void upserts(RestConnection connection, int dimension) throws IOException {
    tell("upserts of %d dimensions", dimension);
    create(connection, dimension);
    // As many bytes for each dimension; bodies are made before the clock runs.
    int count = dimension == 128 ? points : points * 128 / dimension;
    List<byte[]> all = new ArrayList<>();
    for (int first = 0; first < count; first += BATCH) {
      all.add(bodies.points(first, Math.min(BATCH, count - first), dimension));
    }
    // The first points are stored twice, so that what they need is compiled.
    for (byte[] body : all.subList(0, Math.min(WARM_BATCHES, all.size()))) {
      require(connection, 200, "PUT", path(dimension) + "/points?wait=true", body);
    }
    long begin = clock.getAsLong();
    for (byte[] body : all) {
      require(connection, 200, "PUT", path(dimension) + "/points?wait=true", body);
    }
    double taken = (clock.getAsLong() - begin) / 1e9;
    long bytes = all.stream().mapToLong(body -> body.length).sum();
    page.write(
        dimension + " values, one client, batches of " + BATCH + ", each on the disk",
        count / taken,
        bytes / taken / 1e6);
  }

  /// Parsed alone: the last point is refused, and so is all. Then stored.
  private void largeBody(RestConnection connection) throws IOException {
    tell("one body of %,d bytes", LARGE_BYTES);
    byte[] refused = bodies.large(LARGE_BYTES, 768, true);
    byte[] stored = bodies.large(LARGE_BYTES, 768, false);
    double parse = fastest(connection, 400, refused);
    double store = fastest(connection, 200, stored);
    page.timed(
        "a body of 32 MB, 768 values a point, received and parsed: less than 0.5 s",
        String.format(Locale.ROOT, "%.2f s, stored too %.2f s", parse, store),
        parse < 0.5,
        spare);
  }

  private double fastest(RestConnection connection, int status, byte[] body) throws IOException {
    double best = Double.MAX_VALUE;
    for (int i = 0; i < LARGE_TRIES; i++) {
      long begin = clock.getAsLong();
      require(connection, status, "PUT", path(768) + "/points?wait=true", body);
      best = Math.min(best, (clock.getAsLong() - begin) / 1e9);
    }
    return best;
  }

  private static void awaitGreen(RestConnection connection)
      throws IOException, InterruptedException {
    for (int dimension : new int[] {128, 768}) {
      while (!require(connection, 200, "GET", path(dimension), new byte[0])
          .body()
          .contains("\"status\":\"green\"")) {
        Thread.sleep(200);
      }
    }
  }

  private void searches(int port) throws InterruptedException {
    List<byte[]> requests = new ArrayList<>();
    for (int i = 0; i < QUERIES; i++) {
      requests.add(RestConnection.request("POST", path(128) + "/points/query", bodies.query(128)));
    }
    Clients clients = new Clients(port, requests, clock);
    tell("searches");
    clients.measure(PACED, Math.max(2, seconds), 0); // warm
    double most = 0;
    for (int count : CLIENTS) {
      Times times = clients.measure(count, seconds, 0);
      most = Math.max(most, times.rate());
      page.search(count + (count == 1 ? " client" : " clients"), times);
    }
    paced(port, clients, most / 2);
  }

  /// Without and with harm in turn, because the machine may have other work. The first rounds are
  /// not counted: what the server does for connections that come, trickle and are cut off is
  /// compiled meanwhile, which takes a processor for seconds.
  private void paced(int port, Clients clients, double rate) throws InterruptedException {
    for (int round = 0; round < WARM_ROUNDS; round++) {
      tell("half of the highest rate, warm-up %d of %d", round + 1, WARM_ROUNDS);
      clients.measure(PACED, seconds, rate);
      besideHarm(port, clients, rate);
    }
    double[] spreads = new double[ROUNDS];
    double[] harms = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      look();
      tell("half of the highest rate, round %d of %d", round + 1, ROUNDS);
      Times alone = clients.measure(PACED, seconds, rate);
      page.search("half of the highest rate, " + PACED + " clients", alone);
      Times beside = besideHarm(port, clients, rate);
      page.search("the same beside " + SLOW_CONNECTIONS + " slow connections", beside);
      spreads[round] = alone.p99() / alone.p50();
      harms[round] = beside.p99() / alone.p99();
    }
    ratio("p99 at half of the highest rate: at most 3 times the median", spreads, 3);
    ratio(
        "p99 beside "
            + SLOW_CONNECTIONS
            + " half-open and trickling connections: at most 1.5 times that without",
        harms,
        1.5);
  }

  private Times besideHarm(int port, Clients clients, double rate) throws InterruptedException {
    try (SlowConnections slow = new SlowConnections(port, SLOW_CONNECTIONS)) {
      slow.await();
      return clients.measure(PACED, seconds, rate);
    }
  }

  private void ratio(String text, double[] ratios, double most) {
    double[] sorted = ratios.clone();
    Arrays.sort(sorted);
    double median = sorted[sorted.length / 2];
    page.timed(
        text,
        String.format(
            Locale.ROOT,
            "%.2f, median of %d (%.2f to %.2f)",
            median,
            sorted.length,
            sorted[0],
            sorted[sorted.length - 1]),
        median <= most,
        spare);
  }

  private void flood(Path folder) throws IOException, InterruptedException {
    tell("%d bodies of %,d bytes at once, %s", FLOOD_CLIENTS, FLOOD_BYTES, SMALL_HEAP);
    try (RestServer server = new RestServer(folder, SMALL_HEAP)) {
      try (RestConnection connection = new RestConnection(server.port())) {
        create(connection, 768);
      }
      byte[] body = bodies.large(FLOOD_BYTES, 768, false);
      byte[] request = RestConnection.request("PUT", path(768) + "/points?wait=true", body);
      long begin = clock.getAsLong();
      Map<Integer, Integer> statuses = new Flood(server.port(), FLOOD_CLIENTS, request).run();
      double taken = (clock.getAsLong() - begin) / 1e9;
      boolean isServing = server.isAlive() && isServing(server.port());
      boolean isWell =
          isServing
              && List.of(200, 429).containsAll(statuses.keySet())
              && statuses.containsKey(200);
      page.bar(
          FLOOD_CLIENTS
              + " bodies of 32 MiB at once and a heap of 512 MiB: 200 or 429, and it goes on",
          String.format(Locale.ROOT, "%s in %.0f s", statuses, taken),
          isWell);
    }
  }

  private static boolean isServing(int port) {
    try (RestConnection connection = new RestConnection(port)) {
      byte[] count = RestConnection.request("POST", path(768) + "/points/count", "{}");
      return connection.ask(count).status() == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
