package io.capsdb.bench.peers;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// The engines of this module, found where it is on the class path.
public final class ElasticEngines implements MoreEngines {
  @Override
  public Map<String, Supplier<Engine>> engines() {
    Map<String, Supplier<Engine>> engines = new LinkedHashMap<>();
    engines.put("elastic-diskbbq", () -> new DiskBbqEngine(3));
    engines.put("elastic-diskbbq-10x", () -> new DiskBbqEngine(10));
    return engines;
  }
}
