package io.capsdb.bench.peers;

import io.capsdb.graph.FilterStrategy;
import io.capsdb.graph.GraphIndexFactory;
import io.capsdb.graph.GraphParams;
import io.capsdb.graph.NhqIndexFactory;
import io.capsdb.graph.VamanaIndexFactory;
import io.capsdb.graph.VamanaParams;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/// The engines that run in Java, by the names that `--engines` takes.
final class Engines {
  private static final Map<String, Supplier<Engine>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("capsdb", CapsDbEngine::new);
    ALL.put("exact-lists", ExactListsEngine::new);
    ALL.put("exact-scan", ExactScanEngine::new);
    ALL.put("caps-plain", CapsPlainEngine::new);
    GraphParams graph = new GraphParams(16, 100);
    for (FilterStrategy strategy : FilterStrategy.values()) {
      String name =
          strategy == FilterStrategy.AUTO
              ? "graph"
              : "graph-" + strategy.name().toLowerCase(Locale.ROOT).replace('_', '-');
      ALL.put(name, () -> new IndexEngine(new GraphIndexFactory(graph, strategy), "M=16 beam=100"));
    }
    for (VamanaIndexFactory.Form form : VamanaIndexFactory.Form.values()) {
      VamanaIndexFactory vamana = new VamanaIndexFactory(form, VamanaParams.DEFAULT);
      ALL.put(vamana.kind(), () -> new IndexEngine(vamana, "R=32 L=100 alpha=1.2"));
    }
    ALL.put("nhq", () -> new IndexEngine(new NhqIndexFactory(graph), "M=16 beam=100"));
    for (LuceneKind kind : LuceneKind.values()) {
      ALL.put(kind.engineName(), () -> new LuceneEngine(kind));
    }
    ALL.put("jvector", () -> new JVectorEngine(false));
    ALL.put("jvector-pq", () -> new JVectorEngine(true));
    ALL.put("hnswlib-java", HnswlibEngine::new);
    for (MoreEngines more : ServiceLoader.load(MoreEngines.class)) {
      ALL.putAll(more.engines());
    }
  }

  private Engines() {}

  /// @throws IllegalArgumentException naming the engines that there are
  static Engine of(String name) {
    Supplier<Engine> engine = ALL.get(name);
    if (engine == null) {
      throw new IllegalArgumentException("unknown engine '" + name + "', there are " + names());
    }
    return engine.get();
  }

  /// Those that were asked for and run in Java, in their own order; all of them if none was named.
  static List<String> asked(List<String> names) {
    return names().stream().filter(name -> names.isEmpty() || names.contains(name)).toList();
  }

  static List<String> names() {
    return List.copyOf(ALL.keySet());
  }
}
