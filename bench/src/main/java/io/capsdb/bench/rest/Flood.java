package io.capsdb.bench.rest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/// Many large bodies at once.
///
/// @param request that each client sends
@SuppressWarnings("ArrayRecordComponent") // only read
record Flood(int port, int clients, byte[] request) {
  /// How often each status was answered; 0 for connections that ended without an answer.
  Map<Integer, Integer> run() throws InterruptedException {
    CountDownLatch start = new CountDownLatch(1);
    int[] statuses = new int[clients];
    List<Thread> threads = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      int number = client;
      // Of the platform: few carriers would let most wait, connected and silent, to be cut off.
      threads.add(Thread.ofPlatform().start(() -> statuses[number] = send(start)));
    }
    start.countDown();
    Map<Integer, Integer> counts = new TreeMap<>();
    for (int client = 0; client < clients; client++) {
      threads.get(client).join();
      counts.merge(statuses[client], 1, Integer::sum);
    }
    return counts;
  }

  private int send(CountDownLatch start) {
    try (RestConnection connection = new RestConnection(port)) {
      start.await();
      return connection.ask(request).status();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }
}
