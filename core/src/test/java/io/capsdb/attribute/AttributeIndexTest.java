package io.capsdb.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.filter.Filter;
import io.capsdb.filter.Filter.Bound;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.filter.FilterText;
import io.capsdb.filter.Value;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.CorruptFileException;
import io.capsdb.point.Payload;
import io.capsdb.testdata.Damage;
import io.capsdb.testdata.RandomFilters;
import io.capsdb.testdata.RandomPayloads;
import io.capsdb.testdata.Seed;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

class AttributeIndexTest {
  private static AttributeIndex index(List<Payload> payloads) {
    AttributeIndex.Builder builder = new AttributeIndex.Builder();
    payloads.forEach(builder::add);
    return builder.build();
  }

  private static byte[] bytes(AttributeIndex index) {
    CheckedWriter out = new CheckedWriter();
    index.write(out);
    return out.toByteArray();
  }

  private static AttributeIndex read(byte[] bytes) {
    return AttributeIndex.read(new CheckedReader("attributes", 0, MemorySegment.ofArray(bytes)));
  }

  private static Selection select(AttributeIndex index, Filter filter, List<Payload> payloads) {
    FilterEvaluator documents = FilterEvaluator.of(filter);
    return index.select(filter, ordinal -> documents.matches(payloads.get(ordinal)));
  }

  /// Certain rows match, impossible ones do not, and what is between is decided by the document.
  private static void requireRight(AttributeIndex index, Filter filter, List<Payload> payloads) {
    FilterEvaluator documents = FilterEvaluator.of(filter);
    Selection selection = select(index, filter, payloads);
    for (int ordinal = 0; ordinal < payloads.size(); ordinal++) {
      boolean isMatch = documents.matches(payloads.get(ordinal));
      boolean isCertain = selection.certain().contains(ordinal);
      boolean isPossible = selection.possible().contains(ordinal);
      if ((isCertain && !isMatch) || ((isMatch || isCertain) && !isPossible)) {
        throw new AssertionError(
            "%s of %s: match %s, certain %s, possible %s"
                .formatted(
                    FilterText.of(filter),
                    payloads.get(ordinal).fields(),
                    isMatch,
                    isCertain,
                    isPossible));
      }
      assertThat(isCertain || (isPossible && selection.verify().test(ordinal))).isEqualTo(isMatch);
    }
    assertThat(selection.possible().rangeCardinality(payloads.size(), 1L << 32)).isZero();
  }

  private static List<Payload> payloads(RandomGenerator random, int count) {
    return IntStream.range(0, count).mapToObj(_ -> RandomPayloads.next(random)).toList();
  }

  private static int[] shuffled(RandomGenerator random, int count) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
    Collections.shuffle(order, Random.from(random));
    return order.stream().mapToInt(i -> i).toArray();
  }

  @Test
  void selectionsAgreeWithTheDocuments() {
    Seed.repeat(
        8,
        random -> {
          List<Payload> payloads = payloads(random, random.nextInt(200));
          int[] order = shuffled(random, payloads.size());
          List<Payload> moved = IntStream.of(order).mapToObj(payloads::get).toList();
          AttributeIndex built = index(payloads);
          AttributeIndex reordered = built.reorder(order);
          AttributeIndex read = read(bytes(built));
          AttributeIndex readReordered = read(bytes(reordered));
          for (int i = 0; i < 30; i++) {
            Filter filter = RandomFilters.next(random, 1 + random.nextInt(4));
            requireRight(built, filter, payloads);
            requireRight(reordered, filter, moved);
            requireRight(read, filter, payloads);
            requireRight(readReordered, filter, moved);
          }
        });
  }

  @Test
  void whatIsWrittenIsReadBackToTheByte() {
    Seed.repeat(
        5,
        random -> {
          AttributeIndex index = index(payloads(random, 100)).reorder(shuffled(random, 100));
          assertThat(bytes(read(bytes(index)))).isEqualTo(bytes(index));
        });
  }

  /// A filter on plain fields is decided without reading any document, texts too long to be
  /// keywords excepted.
  @Test
  void filtersOnPlainFieldsAreDecided() {
    Seed.repeat(
        20,
        random -> {
          List<Payload> payloads = payloads(random, 100);
          AttributeIndex index = index(payloads);
          Filter leaf = RandomFilters.leaf(random);
          boolean hasLongText = leaf.toString().contains("word word");
          if (!leaf.toString().contains("[]") && !leaf.toString().contains("[0]") && !hasLongText) {
            assertThat(select(index, leaf, payloads).isExact()).as("%s", leaf).isTrue();
          }
        });
  }

  private static Payload of(Object... keysAndValues) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      fields.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return Payload.of(fields);
  }

  private static Filter in(String path, Value... values) {
    return new Filter.In(path, Set.of(values));
  }

  private static Filter except(String path, Value... values) {
    return new Filter.Except(path, Set.of(values));
  }

  private static Filter below(String path, double high) {
    return new Filter.Range(path, Bound.none(), Bound.excluding(high));
  }

  /// More than 4,096 distinct values: no postings any more, but sorted pairs.
  @Test
  void fieldsOfVeryManyValuesAreFound() {
    Seed.repeat(
        1,
        random -> {
          int count = 6_000;
          List<Payload> payloads = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            payloads.add(
                of(
                    "word",
                    List.of("w" + i, "w" + random.nextInt(count)),
                    "whole",
                    (long) i - 3_000 + (random.nextInt(10) == 0 ? (1L << 53) : 0),
                    "real",
                    i == 7 ? -0.0 : random.nextGaussian() * Math.pow(10, random.nextInt(-9, 9)),
                    "time",
                    time(random),
                    "cents",
                    random.nextInt(-900_000, 900_000) / 100.0,
                    "second",
                    1_600_000_000L + 3L * random.nextInt(10_000_000),
                    "mixed",
                    i % 2 == 0 ? (Object) ("m" + i) : (Object) (long) i));
          }
          AttributeIndex index = index(payloads);
          for (AttributeField field : index.fields()) {
            if (!field.path().equals("mixed")) {
              assertThat(field.hasPostings()).as(field.path() + " " + field.type()).isFalse();
              assertThat(field.valueCount()).isGreaterThanOrEqualTo(4_097);
              assertThatExceptionOfType(IllegalStateException.class)
                  .isThrownBy(() -> field.value(0));
            }
          }
          int[] order = shuffled(random, count);
          AttributeIndex reordered = read(bytes(index.reorder(order)));
          List<Payload> moved = IntStream.of(order).mapToObj(payloads::get).toList();
          for (Filter filter :
              List.of(
                  in("word", Value.of("w17"), Value.of("w5999"), Value.of("none")),
                  except("word", Value.of("w17"), Value.of(3)),
                  except("word"),
                  in("whole", Value.of(-3_000), Value.of((1L << 53) + 1)),
                  except("whole", Value.of(12)),
                  below("whole", -2_500),
                  new Filter.Range("whole", Bound.excluding(0x1p53), Bound.none()),
                  below("real", 0.0),
                  except("real", Value.of(3)),
                  below("cents", -8_991.0),
                  new Filter.Range("cents", Bound.including(0.01), Bound.including(10.29)),
                  new Filter.Range("cents", Bound.excluding(10.291), Bound.excluding(12.0)),
                  below("second", 1_600_100_000.0),
                  in("second", Value.of(1_600_000_001L)),
                  new Filter.Range("real", Bound.including(0.0), Bound.including(1e-3)),
                  new Filter.DateRange(
                      "time",
                      Bound.including(Instant.parse("2024-03-01T00:00:00Z")),
                      Bound.excluding(Instant.parse("2024-03-09T00:00:00Z"))),
                  in("mixed", Value.of("m40"), Value.of(41)),
                  except("mixed", Value.of("m40"), Value.of(41)),
                  new Filter.Not(below("mixed", 100)))) {
            requireRight(index, filter, payloads);
            requireRight(reordered, filter, moved);
          }
        });
  }

  private static String time(RandomGenerator random) {
    return Instant.parse("2024-01-01T00:00:00Z")
        .plusMillis(random.nextLong(366L * 24 * 3_600_000))
        .toString();
  }

  /// Keywords of a field without postings are known by a hash. Here two of them share one, which no
  /// test could wait for: the answers must be left to the documents.
  @Test
  void keywordsThatShareAHashAreToldApartByTheDocuments() {
    List<Payload> payloads =
        List.of(of("k", "a"), of("k", "b"), of("k", List.of("a", "b")), of("k", "c"), of("x", 1));
    int shared = HashedTexts.hash("a"); // as if "b" had the hash of "a"
    int other = HashedTexts.hash("c");
    int[] hashes = {shared, shared, shared, shared, other};
    int[] ordinals = {0, 1, 2, 2, 3};
    if (other < shared) {
      hashes = new int[] {other, shared, shared, shared, shared};
      ordinals = new int[] {3, 0, 1, 2, 2};
    }
    Map<ValueType, TypedValues> types = new EnumMap<>(ValueType.class);
    types.put(ValueType.KEYWORD, new HashedTexts(5, hashes, ordinals));
    CheckedWriter out = new CheckedWriter();
    out.writeInt(2);
    out.writeInt(5);
    out.writeByte(1);
    out.writeInt(1);
    new PathValues(
            "k",
            RoaringBitmap.bitmapOf(0, 1, 2, 3),
            new RoaringBitmap(),
            RoaringBitmap.bitmapOf(2),
            new RoaringBitmap(),
            new RoaringBitmap(),
            types,
            Set.of())
        .write(out);
    AttributeIndex index = read(out.toByteArray());
    for (Filter filter :
        List.of(
            in("k", Value.of("a")),
            in("k", Value.of("a"), Value.of("c")),
            except("k", Value.of("a")),
            except("k", Value.of("a"), Value.of("c")),
            except("k", Value.of(1)),
            new Filter.Not(in("k", Value.of("a"))),
            new Filter.Not(except("k", Value.of("a"))),
            new Filter.AtLeast(
                2, List.of(in("k", Value.of("a")), except("k", Value.of("a")), Filter.ALL)))) {
      requireRight(index, filter, payloads);
    }
    assertThat(select(index, in("k", Value.of("a")), payloads).isExact()).isFalse();
  }

  @Test
  void pathsBelowTheDepthAreLeftToTheDocuments() {
    List<Payload> payloads =
        List.of(
            of("a", Map.of("b", Map.of("c", Map.of("d", Map.of("e", 1))))),
            of("a", Map.of("b", Map.of("c", Map.of("d", 2)))),
            of("a", 3),
            of());
    AttributeIndex index = index(payloads);
    for (Filter filter :
        List.of(
            in("a.b.c.d.e", Value.of(1)),
            new Filter.IsEmpty("a.b.c.d.e"),
            new Filter.Not(in("a.b.c.d.e", Value.of(1))),
            in("a.b.c.d", Value.of(2)),
            except("a.b.c.d", Value.of(2)),
            new Filter.IsEmpty("a.b.c.d.e.f"))) {
      requireRight(index, filter, payloads);
    }
    assertThat(select(index, in("a.b.c.d", Value.of(2)), payloads).isExact()).isTrue();
    assertThat(select(index, in("a.b.c.d.e", Value.of(1)), payloads).isExact()).isFalse();
    assertThat(index.isSingleValued("a.b.c.d")).isTrue();
    assertThat(index.isSingleValued("a.b.c.d.e")).as("not known").isFalse();
    assertThat(index.isSingleValued("a[].b")).as("not known").isFalse();
    assertThat(index.isSingleValued("nowhere")).as("known to be nowhere").isTrue();
  }

  @Test
  void pathsAboveTheLimitAreLeftToTheDocuments() {
    Seed.repeat(
        1,
        random -> {
          List<Payload> payloads = new ArrayList<>();
          for (int i = 0; i < 60; i++) {
            Map<String, @Nullable Object> fields = new HashMap<>();
            for (int j = 0; j < 30; j++) {
              fields.put("f" + random.nextInt(400), (long) random.nextInt(3));
            }
            payloads.add(Payload.of(fields));
          }
          AttributeIndex index = index(payloads);
          assertThat(index.fields()).hasSizeBetween(100, AttributeIndex.MAX_PATHS);
          for (AttributeIndex each : List.of(index, read(bytes(index)))) {
            for (int i = 0; i < 410; i += 3) {
              requireRight(each, in("f" + i, Value.of(1)), payloads);
              requireRight(each, new Filter.IsEmpty("f" + i), payloads);
            }
            assertThat(each.isSingleValued("f400")).as("not known").isFalse();
          }
        });
  }

  @Test
  void textsTooLongToBeKeywordsAreLeftToTheDocuments() {
    String most = "é".repeat(128);
    String tooLong = "é".repeat(128) + "x";
    List<Payload> payloads =
        List.of(
            of("t", most),
            of("t", tooLong),
            of("t", List.of(tooLong, most)),
            of("t", "z" + tooLong),
            of("t", "short"),
            of());
    AttributeIndex index = index(payloads);
    assertThat(index.fields())
        .singleElement()
        .satisfies(f -> assertThat(f.valueCount()).isEqualTo(2));
    for (Filter filter :
        List.of(
            in("t", Value.of(most)),
            in("t", Value.of(tooLong)),
            in("t", Value.of(tooLong), Value.of("short")),
            except("t", Value.of(tooLong)),
            except("t", Value.of("short")),
            except("t", Value.of(tooLong), Value.of(most)),
            new Filter.Not(except("t", Value.of(tooLong))),
            new Filter.IsEmpty("t"))) {
      requireRight(index, filter, payloads);
      requireRight(read(bytes(index)), filter, payloads);
    }
  }

  @Test
  void fieldsAreOrderedAndTheirCodesAscend() {
    List<Payload> payloads =
        List.of(
            of("b", 2, "a", List.of("y", "x", 2.5, -1.0, true, 7)),
            of("a", Arrays.asList("x", false, null), "a.b", "2024-01-01"));
    List<String> seen = new ArrayList<>();
    for (AttributeField field : index(payloads).fields()) {
      for (int code = 0; code < field.valueCount(); code++) {
        seen.add(
            "%s %s %s %s"
                .formatted(field.path(), field.type(), field.value(code), field.ordinals(code)));
      }
    }
    assertThat(seen)
        .containsExactly(
            "\"a.b\" KEYWORD 2024-01-01 {1}",
            "\"a.b\" DATETIME 1704067200000000 {1}",
            "a KEYWORD x {0,1}",
            "a KEYWORD y {0}",
            "a INTEGER 7 {0}",
            "a FLOAT -1.0 {0}",
            "a FLOAT 2.5 {0}",
            "a BOOLEAN false {1}",
            "a BOOLEAN true {0}",
            "b INTEGER 2 {0}");
  }

  @Test
  void allValuesOfAFieldAreToldAtOnceAsOneByOne() {
    List<Payload> payloads = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      payloads.add(
          i % 7 == 0
              ? of("text", "t" + i % 3)
              : of("text", List.of("t" + i % 3, "t" + i % 5), "number", i % 700, "same", i % 2));
    }
    AttributeIndex index = index(payloads);
    for (AttributeIndex each : List.of(index, read(bytes(index)))) {
      assertThat(each.fields()).extracting(AttributeField::hasPostings).containsOnly(true);
      for (AttributeField field : each.fields()) {
        Map<Integer, List<Integer>> codesOf = new HashMap<>();
        field.forEach(
            (code, ordinal) -> codesOf.computeIfAbsent(ordinal, _ -> new ArrayList<>()).add(code));
        Map<Integer, List<Integer>> expected = new HashMap<>();
        for (int code = 0; code < field.valueCount(); code++) {
          for (int ordinal : field.ordinals(code)) {
            expected.computeIfAbsent(ordinal, _ -> new ArrayList<>()).add(code);
          }
        }
        assertThat(codesOf).as(field.path()).isEqualTo(expected);
      }
    }
  }

  @Test
  void ordersThatAreNoPermutationAreRefused() {
    AttributeIndex index = index(List.of(of("a", 1), of("a", 2), of("a", 3)));
    for (int[] order : new int[][] {{0, 1}, {0, 1, 1}, {0, 1, 3}, {-1, 0, 1}, {0, 1, 2, 3}}) {
      assertThatIllegalArgumentException().isThrownBy(() -> index.reorder(order));
    }
  }

  @Test
  void anIndexOfNoRowsSelectsNothing() {
    AttributeIndex index = read(bytes(index(List.of()).reorder(new int[0])));
    assertThat(index.size()).isZero();
    for (Filter filter : List.of(Filter.ALL, new Filter.IsEmpty("a"), new Filter.IsEmpty("a[0]"))) {
      assertThat(index.select(filter, _ -> true).possible().isEmpty()).isTrue();
    }
  }

  @Test
  void damagedBytesAreNoticedOrHarmless() {
    Seed.repeat(
        6,
        random -> {
          List<Payload> payloads = payloads(random, 60);
          byte[] bytes = bytes(index(payloads));
          Filter filter = RandomFilters.next(random, 3);
          int[] order = shuffled(random, 60);
          for (int i = 0; i < 300; i++) {
            Damage.check(random, bytes, damaged -> use(read(damaged), filter, order));
          }
        });
  }

  @Test
  void damagedBytesOfVeryManyValuesAreNoticedOrHarmless() {
    Seed.repeat(
        1,
        random -> {
          List<Payload> payloads =
              IntStream.range(0, 5_000).mapToObj(i -> of("k", "k" + i, "n", (long) i)).toList();
          byte[] bytes = bytes(index(payloads));
          int[] order = shuffled(random, 5_000);
          Filter filter =
              new Filter.Or(List.of(in("k", Value.of("k7")), below("n", 100), except("n")));
          for (int i = 0; i < 100; i++) {
            Damage.check(random, bytes, damaged -> use(read(damaged), filter, order));
          }
        });
  }

  /// Everything that is done with an index after it was read; ordinals outside of it would show
  /// here.
  private static Object use(AttributeIndex index, Filter filter, int[] order) {
    Selection selection = index.select(filter, _ -> true);
    assertThat(selection.certain().isEmpty() || selection.certain().last() < index.size()).isTrue();
    for (AttributeField field : index.fields()) {
      for (int code = 0; field.hasPostings() && code < field.valueCount(); code++) {
        field.ordinals(code).forEach((int ordinal) -> assertThat(ordinal).isLessThan(index.size()));
      }
    }
    return index.size() == order.length ? index.reorder(order) : index;
  }

  @Test
  void truncatedBytesAreNoticed() {
    Seed.repeat(
        1,
        random -> {
          byte[] bytes = bytes(index(payloads(random, 20)));
          for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatExceptionOfType(CorruptFileException.class)
                .as("%s of %s bytes", length, bytes.length)
                .isThrownBy(() -> read(cut));
          }
        });
  }
}
