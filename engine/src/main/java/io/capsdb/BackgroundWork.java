package io.capsdb;

/// The kinds of work that a collection does in the background.
enum BackgroundWork {
  INDEXING("indexing"),
  SEALING("sealing"),
  MERGING("merging"),
  SCRUBBING("the look at all files");

  private final String text;

  BackgroundWork(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }
}
