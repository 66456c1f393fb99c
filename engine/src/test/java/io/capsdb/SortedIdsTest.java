package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.point.PointId;
import io.capsdb.testdata.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SortedIdsTest {
  /// Ids as people make them, and as nobody would.
  private static PointId id(RandomGenerator random, int kind) {
    return switch (kind) {
      case 0 -> PointId.of(random.nextInt(2_000));
      case 1 -> PointId.of(random.nextLong());
      case 2 -> PointId.of(1L << random.nextInt(64));
      case 3 -> PointId.of(random.nextInt(40) - 20L); // the largest ones, and the smallest
      case 4 -> PointId.of(new UUID(random.nextLong(), random.nextLong()));
      case 5 -> PointId.of(new UUID(7, random.nextLong()));
      case 6 -> PointId.of(new UUID(random.nextInt(3) - 1L, random.nextInt(40) - 20L));
      default -> PointId.of((long) Math.exp(random.nextDouble(44)));
    };
  }

  private static SortedIds of(List<PointId> rows) {
    int[] order =
        IntStream.range(0, rows.size())
            .boxed()
            .sorted((a, b) -> rows.get(a).compareTo(rows.get(b)))
            .mapToInt(Integer::intValue)
            .toArray();
    return new SortedIds(IdColumn.of(rows.toArray(new PointId[0])), order);
  }

  @Test
  void eachIdIsFoundWhereverItLiesAndNoOther() {
    Seed.repeat(
        200,
        random -> {
          int[] kinds = random.ints(1 + random.nextInt(3), 0, 8).toArray();
          Set<PointId> all = new TreeSet<>();
          for (int i = random.nextInt(3_000); i > 0; i--) {
            all.add(id(random, kinds[random.nextInt(kinds.length)]));
          }
          List<PointId> rows = new ArrayList<>(all);
          Collections.shuffle(rows, new Random(random.nextLong()));
          SortedIds ids = of(rows);
          for (int row = 0; row < rows.size(); row++) {
            assertThat(ids.find(rows.get(row))).hasValue(row);
          }
          PointId[] sorted = all.toArray(new PointId[0]);
          for (int i = 0; i < 200; i++) {
            PointId other = id(random, random.nextInt(8));
            int place = Arrays.binarySearch(sorted, other);
            assertThat(ids.firstFrom(other)).isEqualTo(place < 0 ? -place - 1 : place);
            assertThat(ids.find(other).isPresent()).isEqualTo(place >= 0);
          }
        });
  }

  @Test
  void rowsComeInTheOrderOfTheirIds() {
    SortedIds ids =
        of(List.of(PointId.of(5), PointId.of(new UUID(0, 1)), PointId.of(-1), PointId.of(0)));
    assertThat(IntStream.range(0, ids.size()).map(ids::row)).containsExactly(3, 0, 2, 1);
  }

  @Test
  void nothingIsFoundAmongNone() {
    assertThat(of(List.of()).find(PointId.of(1))).isEmpty();
    assertThat(of(List.of()).firstFrom(PointId.of(new UUID(1, 1)))).isZero();
  }
}
