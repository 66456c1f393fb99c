package io.capsdb.bench.peers;

import java.util.Map;
import java.util.function.Supplier;

/// Engines beyond those of the default build, found through [java.util.ServiceLoader].
interface MoreEngines {
  /// By the names that `--engines` takes.
  Map<String, Supplier<Engine>> engines();
}
