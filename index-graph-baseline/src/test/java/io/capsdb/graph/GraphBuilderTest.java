package io.capsdb.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ForkJoinPool;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class GraphBuilderTest {
  private static final GraphParams SMALL = new GraphParams(8, 40);

  private static Space space(RandomGenerator random, int rows) {
    TestData data = TestData.clustered(random, rows, 12);
    VectorMatrix matrix = TestData.matrix(data.vectors(), 12, Arena.ofAuto());
    return new Space.OfVectors(Metric.EUCLID, matrix);
  }

  private static GraphLayout build(Space space) {
    return new GraphBuilder(space, SMALL, new SplittableRandom(5), _ -> {}).build();
  }

  @Test
  void listsHaveNoRowTwiceNotItselfAndNoMoreThanTheyMay() {
    Seed.repeat(
        2,
        random -> {
          GraphLayout layout = build(space(random, 2_000));
          assertThat(layout.levels().size()).isGreaterThan(2);
          for (int i = 0; i < layout.levels().size(); i++) {
            Level level = layout.levels().get(i);
            assertThat(level.links().most()).isEqualTo(SMALL.most(i));
            for (int row = 0; row < level.size(); row++) {
              int[] links = new int[level.links().most()];
              int count = level.links().read(row, links);
              BitSet seen = new BitSet();
              seen.set(row);
              for (int j = 0; j < count; j++) {
                assertThat(seen.get(links[j])).as("row %s, level %s", row, i).isFalse();
                seen.set(links[j]);
              }
              assertThat(count).as("links of row %s, level %s", row, i).isPositive();
            }
          }
        });
  }

  @Test
  void upperLevelsHaveRowsOfTheLevelBelow() {
    Seed.repeat(
        1,
        random -> {
          GraphLayout layout = build(space(random, 3_000));
          for (int i = 1; i < layout.levels().size(); i++) {
            Level level = layout.levels().get(i);
            Level below = layout.levels().get(i - 1);
            assertThat(level.size()).isBetween(1, below.size() / 2);
            for (int place = 0; place < level.size(); place++) {
              assertThat(below.ordinal(level.down()[place])).isEqualTo(level.ordinal(place));
              assertThat(level.place(level.ordinal(place))).isEqualTo(place);
            }
          }
        });
  }

  @Test
  void nearlyAllRowsAreReachedFromTheStart() {
    Seed.repeat(
        2,
        random -> {
          GraphLayout layout = build(space(random, 3_000));
          Level lowest = layout.lowest();
          int from = layout.start();
          for (int i = layout.levels().size() - 1; i > 0; i--) {
            from = layout.levels().get(i).down()[from];
          }
          BitSet reached = new BitSet();
          reached.set(from);
          Deque<Integer> next = new ArrayDeque<>(List.of(from));
          while (!next.isEmpty()) {
            int row = next.remove();
            for (int j = 0; j < lowest.links().count(row); j++) {
              int to = lowest.links().get(row, j);
              if (!reached.get(to)) {
                reached.set(to);
                next.add(to);
              }
            }
          }
          assertThat(reached.cardinality()).isGreaterThan(2_970);
        });
  }

  @Test
  void theGraphDoesNotDependOnTheNumberOfThreads() {
    Seed.repeat(
        1,
        random -> {
          Space space = space(random, 4_000);
          List<GraphLayout> layouts = new ArrayList<>();
          for (int threads : new int[] {1, 4}) {
            try (ForkJoinPool pool = new ForkJoinPool(threads)) {
              layouts.add(pool.submit(() -> build(space)).get());
            }
          }
          GraphLayout one = layouts.get(0);
          GraphLayout other = layouts.get(1);
          assertThat(other.start()).isEqualTo(one.start());
          for (int i = 0; i < one.levels().size(); i++) {
            assertThat(bytes(other.levels().get(i))).isEqualTo(bytes(one.levels().get(i)));
          }
        });
  }

  private static byte[] bytes(Level level) {
    return level.links().bytes().toArray(ValueLayout.JAVA_BYTE);
  }

  @Test
  void progressRisesToOne() {
    Space space = space(new Seed(3).random(), 1_000);
    List<Double> told = new ArrayList<>();
    new GraphBuilder(space, SMALL, new SplittableRandom(5), told::add).build();
    assertThat(told).isSorted().hasSizeGreaterThan(50).endsWith(1.0);
    assertThat(told.getFirst()).isLessThan(0.01);
  }

  @Test
  void anInterruptStopsABuildUnderWay() {
    Space space = space(new Seed(3).random(), 2_000);
    try {
      assertThatThrownBy(
              () ->
                  new GraphBuilder(
                          space,
                          SMALL,
                          new SplittableRandom(5),
                          share -> {
                            if (share > 0.3) {
                              Thread.currentThread().interrupt();
                            }
                          })
                      .build())
          .isInstanceOf(CancellationException.class);
    } finally {
      assertThat(Thread.interrupted()).isFalse();
    }
  }
}
