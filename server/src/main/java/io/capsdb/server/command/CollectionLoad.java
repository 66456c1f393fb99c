package io.capsdb.server.command;

import io.capsdb.formats.RowSource;
import io.capsdb.server.client.RestClient;
import java.io.IOException;
import java.util.Optional;

/// Loads rows that were made elsewhere as `capsdb load` loads a file: with its progress, its
/// batches and its wait for the index.
public final class CollectionLoad {
  public static final String DEFAULT_URL = ServerAddress.DEFAULT_URL;

  private static final int BATCH_ROWS = 500;

  private CollectionLoad() {}

  /// @param distance of the collection, if it is made here
  /// @throws UsageException if the rows do not fit the collection
  public static void run(
      Machine machine, String url, String collection, String distance, RowSource rows)
      throws IOException, InterruptedException {
    LoadSettings settings =
        new LoadSettings(collection, Optional.of(distance), Optional.empty(), BATCH_ROWS, false, 0);
    try (RestClient client = ServerAddress.connect(url, machine.pause())) {
      LoadCommand.load(machine, client, settings, rows);
    }
  }
}
