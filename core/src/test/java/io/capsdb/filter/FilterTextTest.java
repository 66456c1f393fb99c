package io.capsdb.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.filter.Filter.And;
import io.capsdb.filter.Filter.AtLeast;
import io.capsdb.filter.Filter.Bound;
import io.capsdb.filter.Filter.DateRange;
import io.capsdb.filter.Filter.Except;
import io.capsdb.filter.Filter.In;
import io.capsdb.filter.Filter.IsEmpty;
import io.capsdb.filter.Filter.IsNull;
import io.capsdb.filter.Filter.Not;
import io.capsdb.filter.Filter.Or;
import io.capsdb.filter.Filter.Range;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FilterTextTest {
  @Test
  void filtersReadAsAPersonWouldWriteThem() {
    Filter label = new In("label", Set.of(Value.of(3)));
    Filter bright = new Range("bright", Bound.including(0.2), Bound.excluding(0.5));
    assertThat(FilterText.of(new And(List.of(label, new Not(bright)))))
        .isEqualTo("label = 3 AND NOT bright in [0.2, 0.5)");
    assertThat(FilterText.of(new And(List.of(label, new Or(List.of(bright, label))))))
        .isEqualTo("label = 3 AND (bright in [0.2, 0.5) OR label = 3)");
    assertThat(FilterText.of(new Not(new Or(List.of(label, bright)))))
        .isEqualTo("NOT (label = 3 OR bright in [0.2, 0.5))");
    assertThat(FilterText.of(new AtLeast(2, List.of(label, bright, label))))
        .isEqualTo("AT LEAST 2 OF (label = 3; bright in [0.2, 0.5); label = 3)");
    assertThat(FilterText.of(new In("a", Set.of(Value.of("x"), Value.of(true)))))
        .isEqualTo("a in {\"x\", true}");
    assertThat(FilterText.of(new Except("a", Set.of(Value.of("x")))))
        .isEqualTo("a other than {\"x\"}");
    assertThat(FilterText.of(new Range("a", Bound.none(), Bound.including(1.0))))
        .isEqualTo("a in (-∞, 1.0]");
    assertThat(FilterText.of(new DateRange("t", Bound.excluding(Instant.EPOCH), Bound.none())))
        .isEqualTo("t during (1970-01-01T00:00:00Z, ∞)");
    assertThat(FilterText.of(new IsEmpty("a"))).isEqualTo("a is empty");
    assertThat(FilterText.of(new IsNull("a"))).isEqualTo("a is null");
    assertThat(FilterText.of(Filter.ALL)).isEqualTo("everything");
    assertThat(FilterText.of(Filter.NONE)).isEqualTo("nothing");
  }

  @Test
  void longListsAreCut() {
    Set<Value> many = LongStream.range(0, 1_000).mapToObj(Value::of).collect(Collectors.toSet());
    assertThat(FilterText.of(new In("a", many)))
        .isEqualTo("a in {0, 1, 10, 100, 101, 102, 103, 104, … 1000 values}");
  }
}
