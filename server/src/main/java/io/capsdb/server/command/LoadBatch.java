package io.capsdb.server.command;

import io.capsdb.formats.RowSource;
import io.capsdb.point.PointId;
import io.capsdb.server.client.PointBatch;
import io.capsdb.server.client.RestClient;
import io.capsdb.server.client.RestException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// Rows that travel together, with their places in the file.
final class LoadBatch {
  private final PointBatch points = new PointBatch();
  private final Set<PointId> ids = new HashSet<>();
  private final long[] lines;
  private long lastRow = -1;

  /// A row that cannot be stored.
  record Reject(long line, String reason) {}

  LoadBatch(int capacity) throws IOException {
    lines = new long[capacity];
  }

  void add(PointId id, RowSource.Row row) throws IOException {
    lines[points.size()] = row.line();
    if (row.named().isPresent()) {
      points.add(id, row.named().get(), row.payload());
    } else {
      points.add(id, Objects.requireNonNull(row.vector()), row.payload());
    }
    ids.add(id);
    lastRow = row.number();
  }

  int size() {
    return points.size();
  }

  int byteCount() {
    return points.byteCount();
  }

  /// Number of the last row in it.
  long lastRow() {
    return lastRow;
  }

  /// Whether both hold a point of the same id, so that their order counts.
  boolean overlaps(LoadBatch other) {
    return !Collections.disjoint(ids, other.ids);
  }

  /// Sends all rows. What the server refuses is halved until the bad rows are found: a refused
  /// request stores nothing.
  ///
  /// @return the rows that the server refuses
  List<Reject> send(RestClient client, String collection) throws IOException, InterruptedException {
    List<Reject> rejects = new ArrayList<>();
    send(client, collection, 0, size(), rejects);
    return rejects;
  }

  private void send(RestClient client, String collection, int from, int to, List<Reject> rejects)
      throws IOException, InterruptedException {
    try {
      client.upsert(collection, points.body(from, to));
    } catch (RestException e) {
      if (!e.isRequestAtFault()) {
        throw e;
      }
      if (to - from == 1) {
        rejects.add(new Reject(lines[from], String.valueOf(e.getMessage())));
        return;
      }
      int middle = (from + to) >>> 1;
      send(client, collection, from, middle, rejects);
      send(client, collection, middle, to, rejects);
    }
  }
}
