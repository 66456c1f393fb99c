package io.capsdb;

import io.capsdb.caps.CapsIndexFactory;
import io.capsdb.index.ExactIndexFactory;
import io.capsdb.index.IndexFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/// The kinds of index that there are: those of the library, and what further modules on the class
/// path bring along.
final class IndexKinds {
  /// The kind of the graph that stands beside an index.
  static final String GRAPH = "graph";

  private static final Map<String, IndexFactory> ALL = all();

  private IndexKinds() {}

  private static Map<String, IndexFactory> all() {
    Map<String, IndexFactory> all = new HashMap<>();
    for (IndexFactory found :
        ServiceLoader.load(IndexFactory.class, IndexKinds.class.getClassLoader())) {
      all.put(found.kind(), found);
    }
    for (IndexFactory own : new IndexFactory[] {new CapsIndexFactory(), new ExactIndexFactory()}) {
      all.put(own.kind(), own);
    }
    return Map.copyOf(all);
  }

  static Optional<IndexFactory> find(String kind) {
    return Optional.ofNullable(ALL.get(kind));
  }

  /// @throws IllegalArgumentException if there is none
  static IndexFactory of(String kind) {
    return find(kind)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no index of kind '"
                        + kind
                        + "' on the class path, there are "
                        + ALL.keySet().stream().sorted().toList()));
  }
}
