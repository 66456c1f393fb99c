package io.capsdb.bench.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TruthTest {
  private final Arena arena = Arena.ofShared();

  /// The first query asks for the rows 3 to 5, the second one for a row that is not there.
  private final Ranges half = Ranges.free(2, 2).set(0, 0, 1, 1).set(1, 1, 7, 9);

  private final DataSet set = SmallSet.of(arena, Map.of("half", half));

  @AfterEach
  void closeArena() {
    arena.close();
  }

  @Test
  void truthIsTheDistancesOfTheNearestMatches() {
    assertThat(Truth.compute(set, set.ranges("none"), 3).distances())
        .isDeepEqualTo(new float[][] {{0, 1, 4}, {0, 1, 4}});
    Truth truth = Truth.compute(set, half, 3);
    assertThat(truth.distances()).isDeepEqualTo(new float[][] {{9, 16, 25}, {}});
    assertThat(truth.hasMatches(0)).isTrue();
    assertThat(truth.hasMatches(1)).isFalse();
  }

  @Test
  void rowsAtEqualDistanceCountAsTheSame() {
    // The query lies between the rows 2 and 3, so that the nearest one may be either.
    DataSet between = withQuery(new float[] {2.5f, 0});
    Truth truth = Truth.compute(between, between.ranges("none"), 1);
    assertThat(truth.recall(between, 0, new int[] {2})).isEqualTo(1);
    assertThat(truth.recall(between, 0, new int[] {3})).isEqualTo(1);
    assertThat(truth.recall(between, 0, new int[] {4})).isEqualTo(0);
  }

  @Test
  void moreHitsThanTheBestOnesCountOnce() {
    DataSet between = withQuery(new float[] {2.5f, 0});
    Truth truth = Truth.compute(between, between.ranges("none"), 3);
    assertThat(truth.recall(between, 0, new int[] {1, 2, 3, 4})).isEqualTo(1);
    assertThat(truth.recall(between, 0, new int[] {2, 3, 5})).isEqualTo(2 / 3.0);
  }

  @Test
  void fewMatchesAreAllThatCanBeFound() {
    Truth truth = Truth.compute(set, half, 10);
    assertThat(truth.distances()[0]).hasSize(3);
    assertThat(truth.recall(set, 0, new int[] {5, 4, 3})).isEqualTo(1);
    assertThat(truth.recall(set, 0, new int[] {5})).isEqualTo(1 / 3.0);
    assertThat(truth.recall(set, 0, new int[0])).isEqualTo(0);
  }

  @Test
  void truthIsKeptUntilTheQueriesChange() throws IOException {
    Disk disk = new MemoryDisk();
    Path folder = Path.of("data").toAbsolutePath();
    disk.createFolders(folder);
    TruthFiles files = new TruthFiles(disk, folder);
    Truth first = files.get(set, "half", 2);
    assertThat(disk.list(folder)).containsExactly("half.truth-2.fvecs");
    assertThat(files.get(set, "half", 2).distances()).isDeepEqualTo(first.distances());
    assertThat(files.get(withQuery(new float[] {3, 0}), "none", 2).distances())
        .isDeepEqualTo(new float[][] {{0, 1}});
    assertThat(files.get(set, "none", 2).distances()).isDeepEqualTo(new float[][] {{0, 1}, {0, 1}});
  }

  @Test
  void selectivityIsTheMeanShareOfTheRows() {
    assertThat(set.ranges("none").selectivity(set.columns(), SmallSet.ROWS)).isEqualTo(1);
    assertThat(half.selectivity(set.columns(), SmallSet.ROWS)).isEqualTo(0.25);
    assertThat(half.rows(0, set.columns(), SmallSet.ROWS)).containsExactly(3, 4, 5);
    assertThat(half.matches(0, set.columns(), 3)).isTrue();
    assertThat(half.matches(0, set.columns(), 2)).isFalse();
  }

  private DataSet withQuery(float[] query) {
    return new DataSet(
        set.name(),
        set.metric(),
        set.isGenerated(),
        set.about(),
        set.attributes(),
        set.columns(),
        set.rows(),
        new float[][] {query},
        Map.of(DataSet.NONE, Ranges.free(1, 2)));
  }
}
