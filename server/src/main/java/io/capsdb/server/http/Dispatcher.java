package io.capsdb.server.http;

import io.capsdb.AliasNotFoundException;
import io.capsdb.Collection;
import io.capsdb.CollectionExistsException;
import io.capsdb.CollectionNotFoundException;
import io.capsdb.IdSetNotFoundException;
import io.capsdb.OverloadedException;
import io.capsdb.PointNotFoundException;
import io.capsdb.ReadOnlyException;
import io.capsdb.SnapshotNotFoundException;
import io.capsdb.StorageException;
import io.capsdb.filter.FilterTooLargeException;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonFormatException;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.NoRoomException;
import io.capsdb.server.evaluate.ChangedException;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;

/// Runs handlers and turns whatever they throw into an answer. What is our fault is logged under an
/// id, and the caller gets the id only.
final class Dispatcher {
  private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());
  private static final String BODY = "JSON body";

  private final String run;
  private final RateLimits rates = new RateLimits();
  private final AtomicLong faults = new AtomicLong();

  /// @param startNanos tells the ids of one run from those of another
  Dispatcher(long startNanos) {
    this.run = Long.toUnsignedString(startNanos, 36);
  }

  /// Never throws.
  Answer answer(Route route, Call call) {
    try {
      admit(route, call);
      return handle(route, call);
    } catch (Problem e) {
      return Answers.problem(e, call.seconds());
    } catch (IOException | RuntimeException | Error e) {
      return Answers.problem(problem(route, call, e), call.seconds());
    }
  }

  /// Strict mode: what may be asked of points, how often and for how long.
  private void admit(Route route, Call call) {
    boolean isOfPoints = route.path().contains("/points") || route.path().endsWith("/facet");
    if (!isOfPoints) {
      return; // settings can be changed at any time
    }
    Optional<Collection> collection = call.database().find(call.collectionName());
    if (collection.isEmpty()) {
      return;
    }
    StrictMode strict = StrictMode.of(collection.get());
    call.query().timeoutSeconds().ifPresent(strict::checkTimeout);
    boolean isWrite = route.place() == Route.Place.WRITER;
    String kind = isWrite ? "write_rate_limit" : "read_rate_limit";
    OptionalLong perMinute = strict.whole(kind);
    if (perMinute.isEmpty()) {
      return;
    }
    OptionalInt wait =
        rates.admit(
            kind + " " + collection.get().name(),
            perMinute.getAsLong(),
            call.config().nanoClock().getAsLong());
    if (wait.isPresent()) {
      throw Problem.tooMuch(
          "strict mode lets in " + perMinute.getAsLong() + " a minute (" + kind + ")",
          wait.getAsInt());
    }
  }

  private static Answer handle(Route route, Call call) throws IOException {
    try {
      return route.handler().handle(call);
    } catch (CancellationException e) {
      throw e; // it is an IllegalStateException, but none that trying again would help
    } catch (IllegalStateException e) {
      if (route.isReceivedInPieces() || !isThere(call)) {
        throw e; // what was read of a body cannot be read again
      }
      // The collection was dropped and made anew while the request ran: it is for the new one. What
      // is done to a closed collection is not done at all, so nothing happens twice.
      return route.handler().handle(call);
    }
  }

  private static boolean isThere(Call call) {
    // Asked in any case: it throws where the database is closed.
    boolean isEmpty = call.database().collectionNames().isEmpty();
    String name = call.parameters().get("collection_name");
    return !isEmpty && name != null && call.database().find(name).isPresent();
  }

  private Problem problem(Route route, Call call, Throwable thrown) {
    return switch (thrown) {
      case Json.OutOfBoundsException e -> Problem.validation(BODY, text(e));
      case FilterTooLargeException e -> Problem.validation(BODY, text(e));
      case JsonFormatException e -> Problem.format(BODY, text(e));
      case IllegalArgumentException e -> new Problem(400, "Wrong input: " + text(e));
      case CollectionNotFoundException e -> new Problem(404, "Not found: " + text(e));
      case AliasNotFoundException e -> new Problem(404, "Not found: " + text(e));
      case IdSetNotFoundException e -> new Problem(404, "Not found: " + text(e));
      case SnapshotNotFoundException e -> new Problem(404, "Not found: " + text(e));
      case PointNotFoundException e -> new Problem(404, "Not found: " + text(e));
      case CollectionExistsException e -> new Problem(409, "Conflict: " + text(e));
      case ChangedException e -> new Problem(409, "Conflict: " + text(e));
      case ReadOnlyException e -> new Problem(403, "Forbidden: " + text(e));
      case OverloadedException e -> Problem.tooMuch(text(e));
      case StorageException e when isOutOfDescriptors(e) -> Problem.outOfDescriptors();
      case StorageException e when e.getCause() instanceof CorruptFileException ->
          new Problem(
              500,
              "a file of the collection is damaged; the log tells more at id " + log(route, e));
      case StorageException e when e.getCause() instanceof NoRoomException -> noRoom(e);
      case StorageException e when isDiskFull(e) ->
          new Problem(507, "the disk is full; the log tells more at id " + log(route, e));
      case StorageException e ->
          new Problem(507, "the disk failed or is full; the log tells more at id " + log(route, e));
      case CancellationException _ ->
          new Problem(408, "the request was given up: it took longer than its timeout");
      case IllegalStateException e -> closed(route, call, e);
      default -> fault(route, thrown);
    };
  }

  /// Nothing was tried, so a line in the log is enough.
  private static Problem noRoom(StorageException e) {
    LOG.log(System.Logger.Level.WARNING, text(e));
    return new Problem(507, "Insufficient storage: " + text(e));
  }

  /// Systems have no code for it in Java, only a text.
  private static boolean isDiskFull(StorageException e) {
    return String.valueOf(e.getCause()).contains("No space left on device");
  }

  /// Systems have no code for it in Java, only a text.
  private static boolean isOutOfDescriptors(StorageException e) {
    return String.valueOf(e.getCause()).contains("Too many open files");
  }

  /// A collection that was dropped under a running request is not there; a database that was closed
  /// serves no more.
  private Problem closed(Route route, Call call, IllegalStateException e) {
    try {
      boolean isThere = isThere(call);
      return isThere || !call.parameters().containsKey("collection_name")
          ? fault(route, e)
          : new Problem(404, "Not found: the collection was dropped meanwhile");
    } catch (IllegalStateException closed) {
      return Problem.closing();
    }
  }

  private Problem fault(Route route, Throwable e) {
    return new Problem(500, "Internal error; the server's log tells more at id " + log(route, e));
  }

  private String log(Route route, Throwable e) {
    String id = run + "-" + faults.incrementAndGet();
    LOG.log(System.Logger.Level.ERROR, "error " + id + " in " + route.operation(), e);
    return id;
  }

  private static String text(Exception e) {
    return String.valueOf(e.getMessage());
  }
}
