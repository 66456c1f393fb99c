package io.capsdb;

import io.capsdb.filter.Filter;
import io.capsdb.point.FieldPath;
import java.util.List;

/// Makes searches for parts of strings searches for words, in fields that were declared as texts.
final class WordFilters {
  private WordFilters() {}

  static Filter of(Filter filter, CollectionSettings settings) {
    if (settings.fields().values().stream()
        .noneMatch(index -> index.type() == FieldIndex.Type.TEXT)) {
      return filter;
    }
    return change(filter, settings);
  }

  private static Filter change(Filter filter, CollectionSettings settings) {
    return switch (filter) {
      case Filter.And(List<Filter> parts) -> new Filter.And(changeAll(parts, settings));
      case Filter.Or(List<Filter> parts) -> new Filter.Or(changeAll(parts, settings));
      case Filter.Not(Filter part) -> new Filter.Not(change(part, settings));
      case Filter.AtLeast(int count, List<Filter> parts) ->
          new Filter.AtLeast(count, changeAll(parts, settings));
      case Filter.Text(String field, Filter.TextMode mode, String text)
          when settings.isText(FieldPath.parse(field).canonical()) ->
          new Filter.Text(field, words(mode), text);
      case Filter.Leaf _, Filter.PointTest _ -> filter;
    };
  }

  private static List<Filter> changeAll(List<Filter> parts, CollectionSettings settings) {
    return parts.stream().map(part -> change(part, settings)).toList();
  }

  private static Filter.TextMode words(Filter.TextMode mode) {
    return switch (mode) {
      case PART -> Filter.TextMode.ALL_WORDS;
      case ANY_PART -> Filter.TextMode.ANY_WORD;
      case SUBSTRING, BEGIN, ALL_WORDS, ANY_WORD, PHRASE -> mode;
    };
  }
}
