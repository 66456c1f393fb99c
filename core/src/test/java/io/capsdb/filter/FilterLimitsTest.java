package io.capsdb.filter;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.filter.Filter.And;
import io.capsdb.filter.Filter.AtLeast;
import io.capsdb.filter.Filter.Except;
import io.capsdb.filter.Filter.In;
import io.capsdb.filter.Filter.IsEmpty;
import io.capsdb.filter.Filter.Not;
import io.capsdb.filter.Filter.Or;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FilterLimitsTest {
  private static final Filter LEAF = new IsEmpty("x");

  @Test
  void depthIsBoundedInEveryGroup() {
    for (UnaryOperator<Filter> around :
        List.<UnaryOperator<Filter>>of(
            Not::new,
            part -> new And(List.of(part)),
            part -> new Or(List.of(LEAF, part)),
            part -> new AtLeast(1, List.of(part)))) {
      Filter filter = LEAF;
      for (int i = 1; i < FilterLimits.MAX_DEPTH; i++) {
        filter = around.apply(filter);
      }
      Filter deepest = filter;
      assertThatCode(() -> FilterLimits.check(deepest)).doesNotThrowAnyException();
      Filter tooDeep = around.apply(deepest);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> FilterLimits.check(tooDeep))
          .withMessage("filter is nested deeper than 16, the most that is allowed");
    }
  }

  /// A filter a million deep must be refused, not end in a stack overflow.
  @Test
  void depthIsRefusedBeforeItIsWalked() {
    Filter filter = LEAF;
    for (int i = 0; i < 1_000_000; i++) {
      filter = new Not(filter);
    }
    Filter abyss = filter;
    assertThatIllegalArgumentException().isThrownBy(() -> FilterLimits.check(abyss));
  }

  @Test
  void conditionsAndGroupsAreCounted() {
    FilterLimits.check(new And(Collections.nCopies(255, LEAF)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FilterLimits.check(new Or(Collections.nCopies(256, LEAF))))
        .withMessage("filter has 257 conditions, at most 256 are allowed");
    Filter half = new AtLeast(2, Collections.nCopies(127, new Not(LEAF)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FilterLimits.check(new And(List.of(half, LEAF))))
        .withMessageContaining("filter has 257 conditions");
  }

  @Test
  void valuesAreBounded() {
    Set<Value> most =
        LongStream.range(0, FilterLimits.MAX_VALUES)
            .mapToObj(Value::of)
            .collect(Collectors.toSet());
    FilterLimits.check(new In("x", most));
    most.add(Value.of("one more"));
    for (Filter filter : List.of(new In("x", most), new Except("x", most))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> FilterLimits.check(filter))
          .withMessage("the condition on 'x' has 100001 values, at most 100000 are allowed");
    }
  }
}
