package io.capsdb.attribute;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Chooses which fields are indexed without being declared: a part spends at most so many
/// bytes on each row for all of them, whatever payloads hold.
///
/// Of very many paths those are kept that most rows have. Then what is exact comes first, the
/// cheapest before others; hashes of texts that nearly every row has another one of, such as ids
/// and titles, come last: to find a row by one of them, documents do.
///
/// @param size number of rows
/// @param declared paths that are indexed whatever they cost
/// @param rowBytes most bytes on each row
record FieldBudget(int size, Set<String> declared, int rowBytes) {
  static final int MAX_PATHS = 256;

  /// Bytes on each row where nothing else is said.
  static final int ROW_BYTES = 16;

  /// Parts of few rows may spend as much as this; it is little for any of them.
  static final long FREE_BYTES = 1 << 18;

  /// @param kept takes what is indexed of the path
  /// @param whole all that could be indexed
  /// @param values the least of it that serves
  /// @param bytes of that
  private record Field(
      PathValues path,
      Map<ValueType, TypedValues> kept,
      ValueType type,
      TypedValues whole,
      TypedValues values,
      long bytes) {
    static final Comparator<Field> BEST_FIRST =
        Comparator.comparing((Field field) -> !field.values().isExact())
            .thenComparingLong(Field::bytes)
            .thenComparing(field -> field.path().path())
            .thenComparing(Field::type);
  }

  /// The paths to be indexed.
  List<PathCollector> choosePaths(Collection<PathCollector> paths) {
    if (paths.size() <= MAX_PATHS) {
      return List.copyOf(paths);
    }
    List<PathCollector> sorted = new ArrayList<>(paths);
    sorted.sort(
        Comparator.comparing((PathCollector path) -> !declared.contains(path.path()))
            .thenComparingInt(path -> -path.filledCount())
            .thenComparing(PathCollector::path));
    int declaredCount = (int) paths.stream().filter(p -> declared.contains(p.path())).count();
    return sorted.subList(0, Math.min(sorted.size(), declaredCount + MAX_PATHS));
  }

  /// The paths with those types of values that are indexed.
  List<PathValues> chooseFields(List<PathCollector> paths) {
    List<PathValues> built = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    List<Map<ValueType, TypedValues>> kept = new ArrayList<>();
    long spent = 0;
    for (PathCollector collector : paths) {
      PathValues path = collector.build(size);
      built.add(path);
      boolean isDeclared = declared.contains(path.path());
      Map<ValueType, TypedValues> own = new EnumMap<>(ValueType.class);
      kept.add(own);
      if (isDeclared) {
        own.putAll(path.types());
      } else {
        spent += path.bytes();
        path.types().forEach((type, values) -> fields.add(field(path, own, type, values)));
      }
    }
    fields.sort(Field.BEST_FIRST);
    long budget = Math.max(FREE_BYTES, (long) rowBytes * size);
    List<Field> chosen = new ArrayList<>();
    for (Field field : fields) {
      if (spent + field.bytes() <= budget) {
        spent += field.bytes();
        chosen.add(field);
      }
    }
    // What is left makes lists of rows faster; few rows have the same value of many.
    chosen.sort(Comparator.comparingInt(field -> -field.whole().valueCount()));
    for (Field field : chosen) {
      long more = field.whole().bytes(size) - field.bytes();
      boolean isAfforded = spent + more <= budget;
      spent += isAfforded ? more : 0;
      field.kept().put(field.type(), isAfforded ? field.whole() : field.values());
    }
    List<PathValues> indexed = new ArrayList<>();
    for (int i = 0; i < built.size(); i++) {
      indexed.add(built.get(i).keeping(kept.get(i)));
    }
    return indexed;
  }

  private Field field(
      PathValues path, Map<ValueType, TypedValues> kept, ValueType type, TypedValues values) {
    TypedValues slim = values.slim(size);
    return new Field(path, kept, type, values, slim, slim.bytes(size));
  }
}
