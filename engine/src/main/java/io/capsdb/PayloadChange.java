package io.capsdb;

import io.capsdb.point.FieldPath;
import io.capsdb.point.Payload;
import io.capsdb.point.PayloadEdits;
import java.util.List;

/// A change of the payloads of some points.
public sealed interface PayloadChange {
  /// Sets members, leaving the others as they are; one that is set to null is removed.
  record Merge(Payload members) implements PayloadChange {}

  /// The same in the object that a path names, which is made where it is missing.
  record MergeAt(String path, Payload members) implements PayloadChange {}

  record Overwrite(Payload payload) implements PayloadChange {}

  /// Removes what some paths name.
  record Remove(List<String> paths) implements PayloadChange {
    public Remove {
      paths = List.copyOf(paths);
    }
  }

  record Clear() implements PayloadChange {}

  /// The payload as it is after the change.
  ///
  /// @throws IllegalArgumentException if it is nested too deep then, or a path is malformed
  default Payload apply(Payload old) {
    return switch (this) {
      case Merge(Payload members) -> PayloadEdits.merge(old, members);
      case MergeAt(String path, Payload members) ->
          PayloadEdits.mergeAt(old, FieldPath.parse(path), members);
      case Overwrite(Payload payload) -> payload;
      case Remove(List<String> paths) -> {
        Payload left = old;
        for (String path : paths) {
          left = PayloadEdits.without(left, FieldPath.parse(path));
        }
        yield left;
      }
      case Clear() -> Payload.empty();
    };
  }
}
