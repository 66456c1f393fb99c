package io.capsdb.filter;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// Tests of strings by a text.
public final class TextTest {
  private TextTest() {}

  /// The test that a mode and a text are. Safe for use by many threads.
  public static Predicate<String> of(Filter.TextMode mode, String text) {
    return switch (mode) {
      case PART, SUBSTRING -> stored -> stored.contains(text);
      case BEGIN -> stored -> stored.startsWith(text);
      case ANY_PART -> {
        List<String> parts = List.of(text.strip().split("\\s+", -1));
        yield stored -> parts.stream().anyMatch(part -> !part.isEmpty() && stored.contains(part));
      }
      case ALL_WORDS -> {
        Set<String> wanted = new HashSet<>(Words.of(text));
        yield stored -> !wanted.isEmpty() && new HashSet<>(Words.of(stored)).containsAll(wanted);
      }
      case ANY_WORD -> {
        Set<String> wanted = new HashSet<>(Words.of(text));
        yield stored -> Words.of(stored).stream().anyMatch(wanted::contains);
      }
      case PHRASE -> {
        List<String> wanted = Words.of(text);
        yield stored ->
            !wanted.isEmpty() && Collections.indexOfSubList(Words.of(stored), wanted) >= 0;
      }
    };
  }
}
