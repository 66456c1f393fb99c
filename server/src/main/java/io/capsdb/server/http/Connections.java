package io.capsdb.server.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;

/// The connections that are open, and what each must have done by when.
///
/// Each takes a file descriptor, and without one for it a new connection would not even be
/// accepted: so they are bounded. Where there are too many, the one that waits longest for its next
/// request is closed, or else for its first; where none does, the new one is to be refused, and
/// closed where many are refused already. For the event loop only.
final class Connections {
  private static final System.Logger LOG = System.getLogger(Connections.class.getName());

  /// How many more are taken, to be refused: a part of those that are served.
  private static final int REFUSED_PART = 4;

  /// Between two lines in the log.
  private static final long QUIET_NANOS = 10_000_000_000L;

  private final Vertx vertx;
  private final int most;
  private final LongSupplier nanoClock;

  private final Map<HttpConnection, Deadline> deadlines = new HashMap<>();

  /// Those that are served, by what they wait for, the longest wait first.
  private final Map<Deadline.Wait, Set<HttpConnection>> waiting =
      new EnumMap<>(Deadline.Wait.class);

  private final Set<HttpConnection> refused = new HashSet<>();
  private OptionalLong told = OptionalLong.empty();

  /// @param most that are served at one time
  Connections(Vertx vertx, int most, LongSupplier nanoClock) {
    this.vertx = vertx;
    this.most = most;
    this.nanoClock = nanoClock;
    for (Deadline.Wait wait : Deadline.Wait.values()) {
      waiting.put(wait, new LinkedHashSet<>());
    }
  }

  /// Takes a connection; false where it was closed instead.
  boolean open(HttpConnection connection) {
    if (deadlines.size() - refused.size() >= most && !closeIdle()) {
      tell();
      if (refused.size() >= 1 + most / REFUSED_PART) {
        connection.close();
        return false;
      }
      refused.add(connection);
    }
    deadline(connection);
    connection.closeHandler(_ -> forget(connection));
    return true;
  }

  Deadline deadline(HttpConnection connection) {
    return deadlines.computeIfAbsent(
        connection, _ -> new Deadline(vertx, (before, now) -> move(connection, before, now)));
  }

  private void move(HttpConnection connection, Deadline.Wait before, Deadline.Wait now) {
    if (deadlines.containsKey(connection) && !refused.contains(connection)) {
      waiting(before).remove(connection);
      waiting(now).add(connection);
    }
  }

  private Set<HttpConnection> waiting(Deadline.Wait wait) {
    return Objects.requireNonNull(waiting.get(wait));
  }

  /// Whether no request of a connection is to be served.
  boolean isRefused(HttpConnection connection) {
    return refused.contains(connection);
  }

  private boolean closeIdle() {
    Optional<HttpConnection> idle =
        longest(Deadline.Wait.FOR_NEXT_HEADER).or(() -> longest(Deadline.Wait.FOR_FIRST_HEADER));
    idle.ifPresent(
        connection -> {
          forget(connection);
          connection.close();
        });
    return idle.isPresent();
  }

  private Optional<HttpConnection> longest(Deadline.Wait wait) {
    return waiting(wait).stream().findFirst();
  }

  private void forget(HttpConnection connection) {
    Deadline deadline = deadlines.remove(connection);
    if (deadline != null) {
      deadline.clear();
      waiting(deadline.waiting()).remove(connection);
    }
    refused.remove(connection);
  }

  /// Once in a while, however many come.
  private void tell() {
    long now = nanoClock.getAsLong();
    if (told.isEmpty() || now - told.getAsLong() >= QUIET_NANOS) {
      told = OptionalLong.of(now);
      LOG.log(
          System.Logger.Level.WARNING,
          "all {0} connections are in use, new ones are refused (setting connections)",
          most);
    }
  }
}
