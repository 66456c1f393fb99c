package io.capsdb.server.http;

import io.capsdb.CollectionExistsException;
import io.capsdb.CollectionNotFoundException;
import io.capsdb.PointNotFoundException;
import io.capsdb.ReadOnlyException;
import io.capsdb.StorageException;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonFormatException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/// Runs handlers and turns whatever they throw into an answer. What is our fault is logged under an
/// id, and the caller gets the id only.
final class Dispatcher {
  private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());
  private static final String BODY = "JSON body";

  private final String run;
  private final AtomicLong faults = new AtomicLong();

  /// @param startNanos tells the ids of one run from those of another
  Dispatcher(long startNanos) {
    this.run = Long.toUnsignedString(startNanos, 36);
  }

  /// Never throws.
  Answer answer(Route route, Call call) {
    Problem problem;
    try {
      return route.handler().handle(call);
    } catch (Problem e) {
      problem = e;
    } catch (Json.OutOfBoundsException e) {
      problem = Problem.validation(BODY, text(e));
    } catch (JsonFormatException e) {
      problem = Problem.format(BODY, text(e));
    } catch (IllegalArgumentException e) {
      problem = new Problem(400, "Wrong input: " + text(e));
    } catch (CollectionNotFoundException | PointNotFoundException e) {
      problem = new Problem(404, "Not found: " + text(e));
    } catch (CollectionExistsException e) {
      problem = new Problem(409, "Conflict: " + text(e));
    } catch (ReadOnlyException e) {
      problem = new Problem(403, "Forbidden: " + text(e));
    } catch (StorageException e) {
      problem =
          new Problem(507, "the disk failed or is full, see the server's log at " + log(route, e));
    } catch (IllegalStateException e) {
      problem = closed(route, call, e);
    } catch (IOException | RuntimeException | Error e) {
      problem = fault(route, e);
    }
    return Answers.problem(problem, call.seconds());
  }

  /// A collection that was dropped under a running request is not there; a database that was closed
  /// serves no more.
  private Problem closed(Route route, Call call, IllegalStateException e) {
    String name = call.parameters().get("collection_name");
    try {
      if (name != null && call.database().find(name).isEmpty()) {
        return new Problem(404, "Not found: the collection was dropped meanwhile");
      }
    } catch (IllegalStateException closed) {
      return Problem.closing();
    }
    return fault(route, e);
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
