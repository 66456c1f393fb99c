package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// All memory that kernels read is of one class of segment, from files or not: a kernel that meets
/// a second one is up to 2.3 times slower ever after.
class SegmentClassTest {
  @TempDir private Path folder;

  @Test
  void segmentsOfFilesAndOfMemoryAreOfOneClass() {
    Map<String, Set<Class<?>>> found = new TreeMap<>();
    Seed.repeat(
        1,
        random -> {
          // Long vectors have their codes row by row too, many rows have codes of centroids.
          collect(random, TestData.clustered(random, 2_000, 384), found);
          collect(random, TestData.clustered(random, 28_000, 32), found);
        });
    assertThat(found)
        .as("where segments were found")
        .containsKeys("VectorMatrix", "BinaryCodes", "CentroidCodes");
    Set<Class<?>> classes = new HashSet<>();
    found.values().forEach(classes::addAll);
    assertThat(classes).as("%s", found).hasSize(1);
  }

  private void collect(RandomGenerator random, TestData data, Map<String, Set<Class<?>>> found) {
    DatabaseOptions options = DatabaseOptions.defaults().withMinIndexRows(512);
    Path name = Path.of("of-" + random.nextInt(1_000_000_000));
    collect(folder.resolve(name), options, data, found);
    collect(name, options.withDisk(new io.capsdb.io.MemoryDisk()).withLog(false), data, found);
  }

  /// Sealed rows and live ones, as they are written and as they are opened again.
  private static void collect(
      Path path, DatabaseOptions options, TestData data, Map<String, Set<Class<?>>> found) {
    float[] query = data.vectors().getFirst();
    int rows = data.vectors().size();
    try (Database database = Database.open(path, options)) {
      Collection collection =
          database.createCollection("c", CollectionConfig.of(query.length, Metric.EUCLID));
      for (int from = 0; from < rows - 100; from += 1_000) {
        collection.upsert(points(data, from, Math.min(rows - 100, from + 1_000)));
      }
      collection.seal();
      collection.upsert(points(data, rows - 100, rows));
      collection.search(SearchRequest.nearest(query));
      walk(collection, found);
    }
    try (Database database = Database.open(path, options)) {
      Collection collection = database.collection("c");
      collection.search(SearchRequest.nearest(query));
      walk(collection, found);
    }
  }

  private static List<Point> points(TestData data, int from, int to) {
    List<Point> points = new ArrayList<>();
    for (int i = from; i < to; i++) {
      points.add(Point.of(i, data.vectors().get(i), data.payloads().get(i)));
    }
    return points;
  }

  /// Adds the classes of all segments that objects of ours hold, by the class that holds them.
  private static void walk(Object root, Map<String, Set<Class<?>>> found) {
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Object> waiting = new ArrayDeque<>(List.of(root));
    while (!waiting.isEmpty()) {
      Object object = waiting.pop();
      if (!seen.add(object)) {
        continue;
      }
      for (Object part : parts(object)) {
        if (part instanceof MemorySegment segment) {
          found
              .computeIfAbsent(object.getClass().getSimpleName(), _ -> new HashSet<>())
              .add(segment.getClass());
        } else {
          waiting.push(part);
        }
      }
    }
  }

  private static List<Object> parts(Object object) {
    List<Object> parts = new ArrayList<>();
    switch (object) {
      case Optional<?> value -> value.ifPresent(parts::add);
      case AtomicReference<?> reference -> parts.add(reference.get());
      case Map<?, ?> map -> parts.addAll(map.values());
      case Iterable<?> all when !(object instanceof Path) -> all.forEach(parts::add);
      case Object[] array -> parts.addAll(Arrays.asList(array));
      default -> addFields(object, parts);
    }
    parts.removeIf(Objects::isNull);
    return parts;
  }

  private static void addFields(Object object, List<Object> parts) {
    for (Class<?> type = object.getClass();
        type != null && type.getName().startsWith("io.capsdb");
        type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
          try {
            field.setAccessible(true);
            parts.add(field.get(object));
          } catch (IllegalAccessException e) {
            throw new AssertionError(e);
          }
        }
      }
    }
  }
}
