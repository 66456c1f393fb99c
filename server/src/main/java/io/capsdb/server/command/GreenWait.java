package io.capsdb.server.command;

import io.capsdb.server.client.CollectionState;
import io.capsdb.server.client.RestClient;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;

/// Waits until a collection has indexed what it was given.
final class GreenWait {
  private static final Duration PAUSE = Duration.ofMillis(100);

  private GreenWait() {}

  /// @throws IOException if the collection turns red, naming why, or vanishes
  static CollectionState await(Machine machine, RestClient client, String collection)
      throws IOException, InterruptedException {
    Progress progress = new Progress(machine.screen(), machine.nanoClock(), "indexing", "points");
    while (true) {
      CollectionState state =
          client
              .collection(collection)
              .orElseThrow(() -> new IOException("collection '" + collection + "' is gone"));
      if (state.isGreen()) {
        progress.clear();
        return state;
      }
      if (state.status().equals("red")) {
        progress.clear();
        throw new IOException("collection '" + collection + "' is red: " + state.problem());
      }
      double fraction =
          state.points() == 0 ? 0 : Math.min(1, (double) state.indexedPoints() / state.points());
      progress.show(state.indexedPoints(), OptionalLong.of(state.points()), fraction);
      machine.pause().sleep(PAUSE);
    }
  }
}
