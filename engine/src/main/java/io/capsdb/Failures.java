package io.capsdb;

import java.io.IOException;
import java.util.Optional;

/// What is wrong with a collection: its log, once it failed, for good; background work until it
/// succeeds again. For the one that holds the writer lock.
final class Failures {
  private final String collection;
  private Optional<Failure> log = Optional.empty();
  private Optional<Failure> work = Optional.empty();

  private record Failure(String reason, Throwable cause) {}

  Failures(String collection) {
    this.collection = collection;
  }

  /// Why the collection is red; empty when it is not.
  Optional<String> reason() {
    return first().map(Failure::reason);
  }

  boolean isLogFailed() {
    return log.isPresent();
  }

  void failLog(String what, IOException cause) {
    log = Optional.of(report(new Failure(what + ": " + cause.getMessage(), cause)));
  }

  void failWork(Throwable cause) {
    work = Optional.of(report(new Failure("background work failed: " + cause.getMessage(), cause)));
  }

  void succeedWork() {
    work = Optional.empty();
  }

  /// @throws StorageException if the log failed
  void requireLog() {
    if (log.isPresent()) {
      throw exception("takes no more writes until it is opened again", log.get());
    }
  }

  /// @throws StorageException if background work failed, and nothing has succeeded since
  void requireWork() {
    if (work.isPresent()) {
      throw exception("takes no more points until its background work succeeds", work.get());
    }
  }

  /// @throws StorageException if something failed
  void requireNone(String what) {
    if (first().isPresent()) {
      throw exception(what, first().get());
    }
  }

  private Optional<Failure> first() {
    return log.isPresent() ? log : work;
  }

  private StorageException exception(String what, Failure failure) {
    return new StorageException(
        "collection '" + collection + "' " + what + ": " + failure.reason(), failure.cause());
  }

  private Failure report(Failure failure) {
    System.getLogger(Failures.class.getName())
        .log(
            System.Logger.Level.ERROR,
            "collection '" + collection + "': " + failure.reason(),
            failure.cause());
    return failure;
  }
}
