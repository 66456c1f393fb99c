package io.capsdb.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.testdata.Seed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TopKTest {
  private record Candidate(float distance, long key) {}

  /// Few distinct distances, so that ties are common, and infinities.
  private static float distance(RandomGenerator random) {
    return switch (random.nextInt(12)) {
      case 0 -> Float.POSITIVE_INFINITY;
      case 1 -> Float.NEGATIVE_INFINITY;
      case 2 -> -0.0f;
      case 3 -> 0.0f;
      default -> random.nextInt(-5, 20);
    };
  }

  @Test
  void theNearestAreHeldInOrder() {
    Seed.repeat(
        500,
        random -> {
          int k = 1 + random.nextInt(20);
          int count = random.nextInt(100);
          boolean isReversed = random.nextBoolean();
          TopK.TieOrder ties = isReversed ? (a, b) -> Long.compare(b, a) : Long::compare;
          TopK top = new TopK(k, ties);
          List<Candidate> all = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            Candidate candidate = new Candidate(distance(random), random.nextLong());
            all.add(candidate);
            List<Candidate> nearest = nearest(all, k, ties);
            assertThat(top.offer(candidate.distance(), candidate.key()))
                .as("whether %s was taken", candidate)
                .isEqualTo(nearest.contains(candidate));
            assertThat(top.size()).isEqualTo(nearest.size());
            assertThat(top.isFull()).isEqualTo(nearest.size() == k);
            assertThat(top.radius())
                .isEqualTo(
                    nearest.size() < k
                        ? Float.POSITIVE_INFINITY
                        : nearest.getLast().distance() + 0f);
          }
          Hits hits = top.drain();
          assertThat(candidates(hits)).isEqualTo(nearest(all, k, ties));
          assertThat(top.size()).isZero();
          assertThat(top.drain().size()).isZero();
        });
  }

  private static List<Candidate> nearest(List<Candidate> all, int k, TopK.TieOrder ties) {
    // -0 and 0 are one distance.
    return all.stream()
        .sorted(
            Comparator.<Candidate>comparingDouble(candidate -> candidate.distance() + 0f)
                .thenComparing(Candidate::key, ties::compare))
        .limit(k)
        .toList();
  }

  private static List<Candidate> candidates(Hits hits) {
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < hits.size(); i++) {
      candidates.add(new Candidate(hits.distances()[i], hits.keys()[i]));
    }
    return candidates;
  }

  /// A row replaced the farthest only if it is nearer than the farthest that is held *now* (the
  /// reference code compared with the one before).
  @Test
  void theRadiusShrinksWithEachReplacement() {
    TopK top = new TopK(2);
    top.offer(10, 1);
    top.offer(9, 2);
    assertThat(top.offer(5, 3)).isTrue();
    assertThat(top.radius()).isEqualTo(9);
    assertThat(top.offer(9.5f, 4)).isFalse();
    assertThat(top.drain().keys()).containsExactly(3, 2);
  }

  /// The inner product of huge vectors can be NaN. Such a row must not push out another one, but
  /// must not be lost either while there is room: a search never has fewer hits than matches.
  @Test
  void aDistanceThatIsNoNumberIsTheFarthest() {
    TopK top = new TopK(3);
    assertThat(top.offer(Float.NaN, 5)).isTrue();
    assertThat(top.offer(Float.NaN, 4)).isTrue();
    assertThat(top.offer(1, 1)).isTrue();
    assertThat(top.radius()).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(top.offer(Float.NaN, 3)).as("before another one by its key").isTrue();
    assertThat(top.offer(Float.NaN, 9)).isFalse();
    assertThat(top.offer(2, 2)).isTrue();
    Hits hits = top.drain();
    assertThat(hits.keys()).containsExactly(1, 2, 3);
    assertThat(hits.distances()).containsExactly(1, 2, Float.POSITIVE_INFINITY);
  }

  @Test
  void thereIsNoTopZero() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TopK(0))
        .withMessage("k must be at least 1, was 0");
    assertThat(new TopK(7).capacity()).isEqualTo(7);
  }
}
