package io.capsdb.bench.report;

/// Kinds of peers, so that a table tells whom we are held against.
enum EngineClass {
  ALL("all peers", ".*"),
  JAVA("Java", "lucene.*|jvector.*|hnswlib-java|elastic.*"),
  NATIVE("C++, one query a call", "hnswlib-cpp|faiss-.*(?<!-batch)"),
  BATCH("C++, all queries in a call", ".*-batch"),
  QDRANT("Qdrant's engine", "qdrant.*"),
  EXACT("exact", "exact-.*"),
  PLAIN("plain CAPS", "caps-plain"),
  GRAPH("our graphs", "graph.*|.*-vamana|nhq");

  private final String title;

  /// A pattern of their names.
  private final String members;

  EngineClass(String title, String members) {
    this.title = title;
    this.members = members;
  }

  String title() {
    return title;
  }

  /// Whether an engine is of this kind; ours is of none.
  boolean has(String engine) {
    return !engine.equals(Results.OURS) && engine.matches(members);
  }
}
