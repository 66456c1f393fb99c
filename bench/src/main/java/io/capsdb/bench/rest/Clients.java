package io.capsdb.bench.rest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// Clients that ask at the same time, each on a connection of its own and each the same requests
/// from another one on. Their threads are those of the system, so that none of them waits for the
/// slow connections of this process.
///
/// @param clock nanoseconds
record Clients(int port, List<byte[]> requests, LongSupplier clock) {
  Clients {
    requests = List.copyOf(requests);
  }

  /// @param seconds to ask
  /// @param rate of all clients together; 0 for as fast as they can
  Times measure(int clients, double seconds, double rate) throws InterruptedException {
    List<List<Double>> taken = new ArrayList<>();
    int[] errors = new int[clients];
    List<Thread> threads = new ArrayList<>();
    long begin = clock.getAsLong();
    long end = begin + (long) (seconds * 1e9);
    double gap = rate == 0 ? 0 : 1e9 / rate;
    for (int client = 0; client < clients; client++) {
      int number = client;
      List<Double> own = new ArrayList<>();
      taken.add(own);
      Pace pace = new Pace(begin, end, clients * gap, number * gap);
      threads.add(Thread.ofPlatform().start(() -> errors[number] = ask(number, pace, own)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    double elapsed = (clock.getAsLong() - begin) / 1e9;
    double[] all =
        taken.stream().flatMap(List::stream).mapToDouble(Double::doubleValue).sorted().toArray();
    return new Times(all, all.length / elapsed, Arrays.stream(errors).sum());
  }

  /// When a client asks.
  ///
  /// @param step nanoseconds from one request to the next; 0 for as soon as the answer is there
  /// @param shift of the first request, so that clients do not ask all at once
  private record Pace(long begin, long end, double step, double shift) {}

  /// A client that keeps to a pace counts from when it should have asked, so that waiting shows.
  private int ask(int number, Pace pace, List<Double> taken) {
    int errors = 0;
    int next = number * 37 % requests.size();
    try (RestConnection connection = new RestConnection(port)) {
      for (long i = 0; ; i++) {
        long due =
            pace.step() == 0
                ? clock.getAsLong()
                : pace.begin() + (long) (i * pace.step() + pace.shift());
        if (due >= pace.end()) {
          return errors;
        }
        for (long left = due - clock.getAsLong(); left > 0; left = due - clock.getAsLong()) {
          LockSupport.parkNanos(left);
        }
        int status = connection.ask(requests.get(next)).status();
        taken.add((clock.getAsLong() - due) / 1e9);
        errors += status == 200 ? 0 : 1;
        next = (next + 1) % requests.size();
      }
    } catch (IOException e) {
      return errors + 1;
    }
  }
}
