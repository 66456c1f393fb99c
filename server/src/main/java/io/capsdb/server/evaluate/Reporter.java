package io.capsdb.server.evaluate;

/// Is told how far an evaluation is. Called by one thread at a time.
@FunctionalInterface
public interface Reporter {
  Reporter NONE = (_, _, _, _) -> {};

  /// @param doing what is done, for example `exact answers`
  /// @param unit what is counted, in the plural
  /// @param total at least 1
  void at(String doing, String unit, long done, long total);
}
