package io.capsdb.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.filter.Filter.And;
import io.capsdb.filter.Filter.AtLeast;
import io.capsdb.filter.Filter.IsEmpty;
import io.capsdb.filter.Filter.Not;
import io.capsdb.filter.Filter.Or;
import io.capsdb.testdata.Seed;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TernaryEvaluatorTest {
  private static final int LEAVES = 6;
  private static final List<Ternary> VALUES = List.of(Ternary.FALSE, Ternary.UNKNOWN, Ternary.TRUE);

  /// The one value that all completions of what is known agree on.
  private static Ternary byCompletions(Filter filter, Map<String, Ternary> known) {
    boolean canBeTrue = false;
    boolean canBeFalse = false;
    for (int bits = 0; bits < 1 << LEAVES; bits++) {
      Map<String, Ternary> all = new HashMap<>();
      boolean isCompletion = true;
      for (int leaf = 0; leaf < LEAVES; leaf++) {
        Ternary value = Ternary.of((bits >> leaf & 1) != 0);
        Ternary of = Objects.requireNonNull(known.get("f" + leaf));
        isCompletion &= of == Ternary.UNKNOWN || of == value;
        all.put("f" + leaf, value);
      }
      if (isCompletion) {
        boolean isTrue = isTrue(filter, all);
        canBeTrue |= isTrue;
        canBeFalse |= !isTrue;
      }
    }
    return canBeTrue && canBeFalse ? Ternary.UNKNOWN : Ternary.of(canBeTrue);
  }

  private static boolean isTrue(Filter filter, Map<String, Ternary> all) {
    return switch (filter) {
      case And(List<Filter> parts) -> parts.stream().allMatch(part -> isTrue(part, all));
      case Or(List<Filter> parts) -> parts.stream().anyMatch(part -> isTrue(part, all));
      case Not(Filter part) -> !isTrue(part, all);
      case AtLeast(int count, List<Filter> parts) ->
          parts.stream().filter(part -> isTrue(part, all)).count() >= count;
      case Filter.Leaf leaf -> all.get(leaf.field()) == Ternary.TRUE;
      case Filter.PointTest _ -> throw new IllegalArgumentException("not drawn here");
    };
  }

  private static Filter tree(RandomGenerator random, int depth, List<Integer> free) {
    if (depth == 0 || random.nextInt(4) == 0) {
      int leaf = free.isEmpty() ? random.nextInt(LEAVES) : free.removeLast();
      return new IsEmpty("f" + leaf);
    }
    return switch (random.nextInt(4)) {
      case 0 -> new And(trees(random, depth, free));
      case 1 -> new Or(trees(random, depth, free));
      case 2 -> new Not(tree(random, depth - 1, free));
      default -> new AtLeast(random.nextInt(4), trees(random, depth, free));
    };
  }

  private static List<Filter> trees(RandomGenerator random, int depth, List<Integer> free) {
    List<Filter> parts = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      parts.add(tree(random, depth - 1, free));
    }
    return parts;
  }

  private static Map<String, Ternary> known(RandomGenerator random) {
    Map<String, Ternary> known = new HashMap<>();
    for (int leaf = 0; leaf < LEAVES; leaf++) {
      known.put("f" + leaf, VALUES.get(random.nextInt(3)));
    }
    return known;
  }

  private static Ternary evaluate(Filter filter, Map<String, Ternary> known) {
    return TernaryEvaluator.evaluate(
        filter, leaf -> Objects.requireNonNull(known.get(leaf.field())));
  }

  @Test
  void aDecidedAnswerIsTrueOfAllCompletions() {
    Seed.repeat(
        1_500,
        random -> {
          Filter filter = tree(random, 4, new ArrayList<>());
          Map<String, Ternary> known = known(random);
          Ternary answer = evaluate(filter, known);
          if (answer != Ternary.UNKNOWN) {
            assertThat(answer)
                .as("%s with %s", FilterText.of(filter), known)
                .isEqualTo(byCompletions(filter, known));
          }
        });
  }

  /// Where no leaf stands twice, nothing is lost: unknown means that completions differ.
  @Test
  void unknownMeansThatCompletionsDifferWhereNoLeafStandsTwice() {
    Set<Ternary> met = EnumSet.noneOf(Ternary.class);
    Seed.repeat(
        2_000,
        random -> {
          List<Integer> free = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5));
          Filter filter = tree(random, 2, free);
          Map<String, Ternary> known = known(random);
          if (leaves(filter) <= LEAVES) {
            Ternary answer = evaluate(filter, known);
            assertThat(answer)
                .as("%s with %s", FilterText.of(filter), known)
                .isEqualTo(byCompletions(filter, known));
            met.add(answer);
          }
        });
    if (System.getProperty("seed") == null) {
      assertThat(met).as("answers that were met").containsAll(VALUES);
    }
  }

  private static int leaves(Filter filter) {
    return switch (filter) {
      case And(List<Filter> parts) -> sum(parts);
      case Or(List<Filter> parts) -> sum(parts);
      case AtLeast(_, List<Filter> parts) -> sum(parts);
      case Not(Filter part) -> leaves(part);
      case Filter.Leaf _, Filter.PointTest _ -> 1;
    };
  }

  private static int sum(List<Filter> parts) {
    return parts.stream().mapToInt(TernaryEvaluatorTest::leaves).sum();
  }

  @Test
  void theTablesAreKleenes() {
    Ternary t = Ternary.TRUE;
    Ternary u = Ternary.UNKNOWN;
    Ternary f = Ternary.FALSE;
    assertThat(t.and(u)).isEqualTo(u);
    assertThat(f.and(u)).isEqualTo(f);
    assertThat(u.and(u)).isEqualTo(u);
    assertThat(t.or(u)).isEqualTo(t);
    assertThat(f.or(u)).isEqualTo(u);
    assertThat(u.not()).isEqualTo(u);
    assertThat(t.not()).isEqualTo(f);
    assertThat(f.not()).isEqualTo(t);
  }
}
