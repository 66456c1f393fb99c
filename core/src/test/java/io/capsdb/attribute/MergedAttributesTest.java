package io.capsdb.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.point.Payload;
import io.capsdb.testdata.RandomFilters;
import io.capsdb.testdata.RandomPayloads;
import io.capsdb.testdata.Seed;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MergedAttributesTest {
  /// With a number of its own in each row, one of few, one in some rows, and texts of both kinds.
  private static Payload payload(RandomGenerator random, int row) {
    Map<String, @Nullable Object> fields =
        new LinkedHashMap<>(RandomPayloads.next(random).fields());
    fields.put("own", 7L * row + random.nextInt(7));
    fields.put("few", (long) random.nextInt(9));
    fields.put("many", random.nextDouble());
    fields.put("tag", "tag " + random.nextInt(20));
    if (random.nextInt(3) == 0) {
      fields.put("some", (long) random.nextInt(100));
    }
    return Payload.of(fields);
  }

  private static AttributeIndex build(List<Payload> payloads) {
    AttributeIndex.Builder builder = AttributeIndex.Builder.beside(java.util.Set.of(), 1 << 20);
    payloads.forEach(builder::add);
    return builder.build();
  }

  private static byte[] bytes(AttributeIndex index) {
    CheckedWriter out = new CheckedWriter();
    index.write(out);
    return out.toByteArray();
  }

  private static AttributeIndex reread(AttributeIndex index) {
    return AttributeIndex.read(new CheckedReader("a", 0, MemorySegment.ofArray(bytes(index))));
  }

  /// @param rowOf of all payloads, piece after piece
  private static AttributeIndex merge(List<Payload> payloads, int[] rowOf, int pieces) {
    AttributeIndex.Builder builder = AttributeIndex.Builder.beside(java.util.Set.of(), 1 << 20);
    for (int piece = 0; piece < pieces; piece++) {
      int from = piece * payloads.size() / pieces;
      int to = (piece + 1) * payloads.size() / pieces;
      AttributeIndex own = reread(build(payloads.subList(from, to)));
      assertThat(own.isWhole()).isTrue();
      builder.addAll(own, Arrays.copyOfRange(rowOf, from, to));
    }
    return builder.build();
  }

  private static int[] shuffled(RandomGenerator random, int count) {
    int[] order = IntStream.range(0, count).toArray();
    for (int i = count - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int moved = order[i];
      order[i] = order[other];
      order[other] = moved;
    }
    return order;
  }

  @Test
  void aMergeHasTheBytesOfWhatIsBuiltFromPayloads() {
    Seed.repeat(
        3,
        random -> {
          int count = 15_000; // more than 4,096 distinct numbers in each piece
          List<Payload> payloads =
              IntStream.range(0, count).mapToObj(row -> payload(random, row)).toList();
          for (int[] rowOf :
              List.of(IntStream.range(0, count).toArray(), shuffled(random, count))) {
            List<Payload> moved = new ArrayList<>(payloads);
            for (int i = 0; i < count; i++) {
              moved.set(rowOf[i], payloads.get(i));
            }
            assertThat(bytes(merge(payloads, rowOf, 3))).isEqualTo(bytes(build(moved)));
          }
        });
  }

  @Test
  void rowsThatAreGoneAreInNoField() {
    Seed.repeat(
        3,
        random -> {
          int count = 1_200;
          List<Payload> payloads =
              IntStream.range(0, count).mapToObj(row -> payload(random, row)).toList();
          int[] rowOf = new int[count];
          List<Payload> left = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            rowOf[i] = random.nextBoolean() ? left.size() : -1;
            if (rowOf[i] >= 0) {
              left.add(payloads.get(i));
            }
          }
          AttributeIndex merged = reread(merge(payloads, rowOf, 4));
          assertThat(merged.size()).isEqualTo(left.size());
          for (int i = 0; i < 60; i++) {
            Filter filter = RandomFilters.next(random, 1 + random.nextInt(4));
            FilterEvaluator documents = FilterEvaluator.of(filter);
            Selection selection = merged.select(filter, row -> documents.matches(left.get(row)));
            assertThat(
                    IntStream.of(selection.possible().toArray())
                        .filter(
                            row ->
                                selection.certain().contains(row) || selection.verify().test(row)))
                .as("%s", filter)
                .containsExactly(
                    IntStream.range(0, left.size())
                        .filter(row -> documents.matches(left.get(row)))
                        .boxed()
                        .toArray(Integer[]::new));
          }
        });
  }

  @Test
  void whatIsNotWholeIsRefused() {
    List<Payload> payloads = new ArrayList<>();
    for (int row = 0; row < 40_000; row++) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      for (int field = 0; field < 9; field++) {
        fields.put("f" + field, "text " + row + " of " + field);
      }
      payloads.add(Payload.of(fields));
    }
    AttributeIndex.Builder builder = new AttributeIndex.Builder();
    payloads.forEach(builder::add);
    AttributeIndex poor = builder.build();
    assertThat(poor.unindexed()).isNotEmpty();
    assertThat(poor.isWhole()).isFalse();
    org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
        .isThrownBy(() -> new AttributeIndex.Builder().addAll(poor, new int[40_000]));
  }

  /// More than others may have: they are found without documents, and where they lie is known.
  @Test
  void veryManyTenantsKeepTheirNames() {
    java.util.Set<String> owner = java.util.Set.of("owner");
    AttributeIndex.Builder builder = AttributeIndex.Builder.beside(owner, owner, 512);
    AttributeIndex.Builder hashed = AttributeIndex.Builder.beside(owner, 512);
    int count = 3 * PostingValues.MAX_VALUES;
    for (int row = 0; row < count; row++) {
      Payload payload = Payload.of(Map.of("owner", "tenant " + row / 2 % 5_000));
      builder.add(payload);
      hashed.add(payload);
    }
    AttributeIndex index = reread(builder.build());
    assertThat(index.tellsTexts("owner")).isTrue();
    assertThat(reread(hashed.build()).tellsTexts("owner")).isFalse();
    Filter one =
        new Filter.In("owner", java.util.Set.of(new io.capsdb.filter.Value.Keyword("tenant 17")));
    Selection selection = index.select(one, _ -> false);
    assertThat(selection.isExact()).isTrue();
    assertThat(selection.list()).containsExactlyInAnyOrder(34, 35, 10_034, 10_035);
    assertThat(selection.extent()).isEqualTo(new OrdinalRange(34, 10_036));
    assertThat(index.keywordCodes("owner").orElseThrow()).hasSize(count);
    AttributeIndex.Builder merged = AttributeIndex.Builder.beside(owner, owner, 512);
    merged.addAll(index, IntStream.range(0, count).toArray());
    assertThat(bytes(merged.build())).isEqualTo(bytes(index));
  }
}
