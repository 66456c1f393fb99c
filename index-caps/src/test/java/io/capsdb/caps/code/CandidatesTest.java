package io.capsdb.caps.code;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.testdata.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class CandidatesTest {
  private static Candidates of(int count, IntToDoubleFunction bound) {
    Candidates candidates = new Candidates();
    candidates.reserve(count);
    for (int i = 0; i < count; i++) {
      candidates.bounds()[i] = (float) bound.applyAsDouble(i);
      candidates.rows()[i] = i;
    }
    candidates.setCount(count);
    return candidates;
  }

  /// Takes all candidates batch by batch; each comes out once and no call takes none.
  private static void drain(Candidates candidates, int least, int most) {
    int count = candidates.count();
    BitSet seen = new BitSet();
    while (candidates.count() > 0) {
      int before = candidates.count();
      int[] taken = new int[Candidates.room(most)];
      int found = candidates.takeBest(least, most, taken);
      assertThat(found).as("taken of %s", before).isBetween(1, most);
      assertThat(candidates.count()).isEqualTo(before - found);
      for (int i = 0; i < found; i++) {
        assertThat(seen.get(taken[i])).as("row %s taken before", taken[i]).isFalse();
        seen.set(taken[i]);
      }
    }
    assertThat(seen.cardinality()).isEqualTo(count);
  }

  @Test
  void theBestAreTakenFirst() {
    Seed.repeat(
        20,
        random -> {
          int count = 1 + random.nextInt(3_000);
          double size = Math.pow(10, random.nextInt(-6, 7));
          double shift = random.nextGaussian() * size;
          double[] bounds = random.doubles(count).map(x -> x * size + shift).toArray();
          Candidates candidates = of(count, i -> bounds[i]);
          int least = 1 + random.nextInt(40);
          int most = least + 4 + random.nextInt(30);
          float[] sorted = new float[count];
          System.arraycopy(candidates.bounds(), 0, sorted, 0, count);
          Arrays.sort(sorted);
          int[] taken = new int[Candidates.room(most)];
          int found = candidates.takeBest(least, most, taken);
          assertThat(found).isBetween(Math.min(least, count), most);
          for (int i = 0; i < found; i++) {
            assertThat((float) bounds[taken[i]]).isLessThanOrEqualTo(sorted[found - 1]);
          }
          for (int i = 0; i < candidates.count(); i++) {
            assertThat(candidates.bounds()[i]).isEqualTo((float) bounds[candidates.rows()[i]]);
          }
          drain(candidates, least, most);
        });
  }

  @Test
  void allAreTakenWhereTheyAreFew() {
    int[] taken = new int[Candidates.room(40)];
    assertThat(of(40, i -> i).takeBest(24, 40, taken)).isEqualTo(40);
    assertThat(of(0, i -> i).takeBest(24, 40, taken)).isZero();
    assertThat(of(41, i -> i).takeBest(24, 40, taken)).isBetween(24, 40);
  }

  /// Bounds that no threshold parts, of overflowing distances and of damaged codes: whatever they
  /// are, some candidates must be taken, or a search would not end.
  @Test
  void boundsThatCannotBePartedAreTakenAllTheSame() {
    for (double value :
        new double[] {
          0,
          -0.0,
          1,
          -1,
          1e-45,
          1e37,
          -1e37,
          1e38,
          -1e38,
          Float.MAX_VALUE,
          -Float.MAX_VALUE,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY,
          Double.NaN
        }) {
      drain(of(100, _ -> value), 24, 40);
      drain(of(100, i -> i == 7 ? value : i), 24, 40);
      drain(of(100, i -> i % 2 == 0 ? value : i), 24, 40);
      drain(of(100, i -> i % 2 == 0 ? value : -value), 24, 40);
      drain(of(100, i -> i % 3 == 0 ? value : Double.POSITIVE_INFINITY), 24, 40);
      drain(of(100, i -> i % 3 == 0 ? value : Double.NEGATIVE_INFINITY), 24, 40);
    }
  }

  /// A row that must be read in any case does not hide which of the others are best.
  @Test
  void rowsBelowEveryLimitComeFirst() {
    Candidates candidates = of(200, i -> i < 60 ? Double.NEGATIVE_INFINITY : 200 - i);
    int[] taken = new int[Candidates.room(40)];
    int found = candidates.takeBest(24, 40, taken);
    for (int i = 0; i < found; i++) {
      assertThat(taken[i]).isLessThan(60);
    }
    drain(candidates, 24, 40);
  }

  @Test
  void thoseBelowALimitAreKept() {
    Candidates candidates = of(100, i -> i % 10);
    candidates.keepBelow(3);
    assertThat(candidates.count()).isEqualTo(30);
    for (int i = 0; i < 30; i++) {
      assertThat(candidates.rows()[i] % 10).isLessThan(3);
      assertThat(candidates.bounds()[i]).isEqualTo(candidates.rows()[i] % 10);
    }
    candidates.keepBelow(Float.NEGATIVE_INFINITY);
    assertThat(candidates.count()).isZero();
  }

  @Test
  void roomIsMadeForAsManyAsComeAndARegisterMore() {
    Candidates candidates = of(1_000, i -> i);
    candidates.reserve(5_000);
    assertThat(candidates.bounds().length).isGreaterThanOrEqualTo(6_000 + 16);
    assertThat(candidates.rows().length).isEqualTo(candidates.bounds().length);
    assertThat(candidates.bounds()[999]).isEqualTo(999);
    assertThat(candidates.rows()[999]).isEqualTo(999);
  }

  @Test
  void whatIsBorrowedIsEmptyAndNobodyElses() {
    List<Candidates> own = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Candidates next = Candidates.borrow();
      assertThat(next.count()).isZero();
      assertThat(own).doesNotContain(next);
      next.addAll(new float[] {1, 2, 3});
      own.add(next);
    }
    own.forEach(Candidates::giveBack);
    Candidates again = Candidates.borrow();
    assertThat(own).contains(again);
    assertThat(again.count()).isZero();
  }
}
