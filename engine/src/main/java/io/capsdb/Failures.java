package io.capsdb;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// What is wrong with a collection: its log, until it is mended, if it can be; each kind of
/// background work until it succeeds again. For the one that holds the writer lock.
final class Failures {
  private final String collection;
  private Optional<Failure> log = Optional.empty();
  private final Map<BackgroundWork, Failure> work = new EnumMap<>(BackgroundWork.class);

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

  /// Notes that the log goes on.
  void mendLog() {
    log = Optional.empty();
  }

  void failWork(BackgroundWork kind, Throwable cause) {
    String reason = kind.text() + " failed: " + cause.getMessage();
    work.put(kind, report(new Failure(reason, cause)));
  }

  void succeedWork(BackgroundWork kind) {
    work.remove(kind);
  }

  /// @param isForGood whether the log cannot be mended
  /// @throws StorageException if the log failed
  void requireLog(boolean isForGood) {
    if (log.isPresent()) {
      throw exception(
          isForGood
              ? "takes no more writes until it is opened again"
              : "takes no more writes until its log can be written again",
          log.get());
    }
  }

  /// @throws StorageException if sealing failed, and has not succeeded since
  void requireSealing() {
    Failure failure = work.get(BackgroundWork.SEALING);
    if (failure != null) {
      throw exception("takes no more points until its background work succeeds", failure);
    }
  }

  /// Whether something failed that sealing may need. Chunks are found without an index, too.
  boolean isSealingInDoubt() {
    return ofSealing().isPresent();
  }

  /// @throws StorageException if something failed that sealing may need
  void requireNone(String what) {
    if (ofSealing().isPresent()) {
      throw exception(what, ofSealing().get());
    }
  }

  private Optional<Failure> ofSealing() {
    return log.isPresent()
        ? log
        : work.entrySet().stream()
            .filter(each -> each.getKey() != BackgroundWork.INDEXING)
            .map(Map.Entry::getValue)
            .findFirst();
  }

  private Optional<Failure> first() {
    return log.isPresent() ? log : work.values().stream().findFirst();
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
