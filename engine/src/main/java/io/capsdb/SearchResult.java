package io.capsdb;

import java.util.List;

/// What a search found, nearest first, and how.
public record SearchResult(List<Hit> hits, SearchPlan plan) {
  public SearchResult {
    hits = List.copyOf(hits);
  }
}
