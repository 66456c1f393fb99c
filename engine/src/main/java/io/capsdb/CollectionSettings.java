package io.capsdb;

import io.capsdb.storage.SettingsFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a collection was told beside its vectors; it may change as long as the collection lives.
///
/// @param fields declared payload fields, by their path as `FieldPath.canonical` writes it. They
///     are
///     indexed whatever that costs, in segments that are sealed from then on
/// @param notes what the caller wants kept with the collection; not understood here
public record CollectionSettings(Map<String, FieldIndex> fields, String notes) {
  /// Nothing.
  public static final CollectionSettings NONE = new CollectionSettings(Map.of(), "");

  /// Most fields that can be declared.
  public static final int MAX_FIELDS = 1_000;

  public CollectionSettings {
    if (fields.size() > MAX_FIELDS) {
      throw new IllegalArgumentException(
          "at most " + MAX_FIELDS + " fields can be declared, were " + fields.size());
    }
    fields = Collections.unmodifiableMap(new TreeMap<>(fields));
  }

  /// The same with one more field, or with another declaration of it.
  public CollectionSettings withField(String path, FieldIndex index) {
    Map<String, FieldIndex> more = new TreeMap<>(fields);
    more.put(path, index);
    return new CollectionSettings(more, notes);
  }

  public CollectionSettings withoutField(String path) {
    Map<String, FieldIndex> fewer = new TreeMap<>(fields);
    fewer.remove(path);
    return new CollectionSettings(fewer, notes);
  }

  public CollectionSettings withNotes(String others) {
    return new CollectionSettings(fields, others);
  }

  /// Whether the strings of a field are matched word by word.
  boolean isText(String path) {
    FieldIndex index = fields.get(path);
    return index != null && index.type() == FieldIndex.Type.TEXT;
  }

  Set<String> paths() {
    return new TreeSet<>(fields.keySet());
  }

  /// The field by which tenants come first in the layout of segments; of several the first one.
  Optional<String> tenant() {
    return fields.entrySet().stream()
        .filter(field -> field.getValue().isTenant())
        .map(Map.Entry::getKey)
        .findFirst();
  }

  SettingsFile toFile() {
    List<SettingsFile.Field> list = new ArrayList<>();
    fields.forEach(
        (path, index) ->
            list.add(
                new SettingsFile.Field(
                    path, index.type().name(), index.isTenant(), index.schema())));
    return new SettingsFile(list, notes);
  }

  /// Fields of a type that this version does not know are left out.
  static CollectionSettings of(SettingsFile file) {
    Map<String, FieldIndex> fields = new TreeMap<>();
    for (SettingsFile.Field field : file.fields()) {
      type(field.type())
          .ifPresent(
              type ->
                  fields.put(
                      field.path(),
                      new FieldIndex(
                          type, field.isTenant() && type.canBeTenant(), field.schema())));
    }
    return new CollectionSettings(fields, file.notes());
  }

  private static Optional<FieldIndex.Type> type(String name) {
    for (FieldIndex.Type type : FieldIndex.Type.values()) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
