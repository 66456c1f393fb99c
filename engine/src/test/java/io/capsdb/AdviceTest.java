package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.capsdb.io.MemoryDisk;
import io.capsdb.vector.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class AdviceTest {
  private static final float[] QUERY = new float[8];

  private final SplittableRandom random = new SplittableRandom(5);

  private static Database database() {
    return Database.open(
        Path.of("memory"),
        DatabaseOptions.defaults()
            .withDisk(new MemoryDisk())
            .withLog(false)
            .withIdleMillis(1_000_000)
            .withMinIndexRows(1));
  }

  private Collection filled(Database database, int count, boolean isRandom) {
    Collection films = database.createCollection("films", CollectionConfig.of(8, Metric.EUCLID));
    List<Point> points = new ArrayList<>();
    for (int id = 0; id < count; id++) {
      float[] vector = new float[8];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = isRandom ? random.nextFloat() : 1;
      }
      points.add(
          Point.of(id, vector, Map.of("owner", "o" + id % 100, "note", "words " + id + " of it")));
    }
    films.upsert(points);
    films.seal();
    return films;
  }

  @Test
  void fieldsAreThoseThatSearchesTest() {
    try (Database database = database()) {
      Collection films = filled(database, 2_000, true);
      assertThat(films.advice().fields()).isEmpty();
      for (int i = 0; i < 3; i++) {
        films.search(SearchRequest.nearest(QUERY).filter(Filters.eq("owner", "o" + i)));
      }
      films.search(
          SearchRequest.nearest(QUERY)
              .filter(Filters.not(Filters.all(Filters.eq("owner", "o1"), Filters.gt("n", 1)))));
      Advice advice = films.advice();
      assertThat(advice.filtersSeen()).isEqualTo(4);
      assertThat(advice.fields())
          .containsExactly(
              new Advice.Field("owner", 4, false, 0), new Advice.Field("n", 1, false, 0));
      assertThat(advice.suggestions()).isEmpty();
      assertThat(advice.partitions()).hasSize(1);
      assertThat(advice.partitions().getFirst().isSkewed()).isFalse();
    }
  }

  @Test
  void fieldOfEverySearchIsSuggestedForTenants() {
    try (Database database = database()) {
      Collection films = filled(database, 2_000, true);
      for (int i = 0; i < 30; i++) {
        films.search(
            SearchRequest.nearest(QUERY)
                .filter(Filters.all(Filters.eq("owner", "o" + i), Filters.lt("n", i))));
      }
      assertThat(films.advice().suggestions())
          .anySatisfy(text -> assertThat(text).contains("'owner'").contains("is_tenant"));
      films.changeSettings(
          old -> old.withField("owner", new FieldIndex(FieldIndex.Type.KEYWORD, true, "")));
      assertThat(films.advice().suggestions()).isEmpty();
    }
  }

  @Test
  void moreRecallCostsMore() {
    try (Database database = database()) {
      Collection films = filled(database, 5_000, true);
      List<Advice.Target> targets = films.advice().targets();
      assertThat(targets).extracting(Advice.Target::recall).isSorted().contains(0.9, 0.99);
      assertThat(targets).extracting(Advice.Target::vector).containsOnly("");
      Advice.Target least = targets.getFirst();
      Advice.Target most = targets.getLast();
      assertThat(least.probes()).isGreaterThanOrEqualTo(1).isLessThan(most.probes());
      assertThat(least.scanned()).isLessThan(most.scanned());
      assertThatThrownBy(() -> films.advice(() -> true)).isInstanceOf(CancellationException.class);
      assertThat(most.probes()).isLessThanOrEqualTo(films.advice().partitions().getFirst().count());
      assertThat(films.advice().filtersSeen()).as("own searches").isZero();
    }
  }

  @Test
  void newestPointsHaveNoPartitions() {
    try (Database database = database()) {
      Collection films = database.createCollection("films", CollectionConfig.of(8, Metric.DOT));
      films.upsert(List.of(Point.of(1, QUERY, Map.of("a", 1))));
      assertThat(films.advice().partitions()).isEmpty();
      assertThat(films.advice().targets()).isEmpty();
    }
  }

  @Test
  void partitionsAreSkewedWhereOneIsTooLarge() {
    assertThat(new Advice.Partitions("", 1, 10, 41, 10).isSkewed()).isTrue();
    assertThat(new Advice.Partitions("", 1, 10, 40, 10).isSkewed()).isFalse();
  }
}
