package io.capsdb.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
import io.capsdb.point.Payload;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FilterEvaluatorTest {
  private static final long ABOVE_2_53 = (1L << 53) + 1;

  /// One row of the table: a filter, the value of the field `x`, and the answer.
  record Case(String what, Filter filter, Payload payload, boolean isMatch) {
    @Override
    public String toString() {
      return what + ": " + FilterText.of(filter) + " of " + payload.fields();
    }
  }

  private static Case of(String what, Filter filter, @Nullable Object x, boolean isMatch) {
    Map<String, @Nullable Object> fields = new HashMap<>();
    fields.put("x", x);
    return new Case(what, filter, Payload.of(fields), isMatch);
  }

  private static Case missing(String what, Filter filter, boolean isMatch) {
    return new Case(what, filter, Payload.of(Map.of("y", 1)), isMatch);
  }

  private static In in(Object... values) {
    return inAt("x", values);
  }

  private static In inAt(String path, Object... values) {
    return new In(path, values(values));
  }

  private static Except except(Object... values) {
    return new Except("x", values(values));
  }

  private static Set<Value> values(Object... values) {
    return Set.copyOf(
        Arrays.stream(values)
            .map(
                value ->
                    switch (value) {
                      case String text -> Value.of(text);
                      case Boolean flag -> Value.of((boolean) flag);
                      default -> Value.of(((Number) value).longValue());
                    })
            .toList());
  }

  private static Range range(Bound<Double> low, Bound<Double> high) {
    return new Range("x", low, high);
  }

  private static Range atLeast(double low) {
    return range(Bound.including(low), Bound.none());
  }

  private static Range atMost(double high) {
    return range(Bound.none(), Bound.including(high));
  }

  private static DateRange from(String low) {
    return new DateRange("x", Bound.including(Instant.parse(low)), Bound.none());
  }

  private static List<@Nullable Object> listWithNull() {
    return Arrays.asList(1L, null);
  }

  static Stream<Case> cases() {
    return Stream.of(
            equality(), exclusions(), ranges(), dates(), empties(), nulls(), arrays(), paths())
        .flatMap(cases -> cases);
  }

  private static Stream<Case> equality() {
    return Stream.of(
        of("equal", in(1), 1, true),
        of("not equal", in(1), 2, false),
        of("one of several", in(1, 2), 2, true),
        of("types are strict: float", in(1), 1.0, false),
        of("types are strict: text", in(1), "1", false),
        of("types are strict: integer for text", in("1"), 1, false),
        of("types are strict: truth value for integer", in(1), true, false),
        of("types are strict: integer for truth value", in(true), 1, false),
        of("truth value", in(false), false, true),
        of("text", in("é"), "é", true),
        of("text is compared with its case", in("a"), "A", false),
        of("text is not normalised", in("e\u0301"), "é", false),
        of("large integers are exact", in(ABOVE_2_53), ABOVE_2_53 - 1, false),
        of("empty in matches nothing", in(), 1, false),
        of("empty in matches no null", in(), null, false),
        of("null equals nothing", in(0, "", "null", false), null, false),
        of("empty array", in(1), List.of(), false),
        of("an object equals nothing", in(1), Map.of("y", 1), false),
        missing("missing", in(1), false));
  }

  private static Stream<Case> exclusions() {
    return Stream.of(
        of("other value", except(1), 2, true),
        of("excluded", except(1), 1, false),
        of("excluded, several", except(1, 2), 2, false),
        of("another type passes", except(1), "1", true),
        of("a float passes", except(1), 1.0, true),
        of("an object passes", except(1), Map.of("y", 1), true),
        of("null does not pass", except(1), null, false),
        of("empty array does not pass", except(1), List.of(), false),
        of("any element: another one passes", except("a"), List.of("a", "b"), true),
        of("any element: all excluded", except("a", "b"), List.of("a", "b"), false),
        of("null among excluded ones", except(1), listWithNull(), false),
        of("an array in an array passes", except(1), List.of(List.of(1)), true),
        of("empty list excludes nothing", except(), 1, true),
        of("empty list needs a value", except(), null, false),
        missing("missing", except(1), false),
        missing("missing, empty list", except(), false));
  }

  private static Stream<Case> ranges() {
    Range open = range(Bound.excluding(1.0), Bound.excluding(2.0));
    return Stream.of(
        of("inside", open, 1.5, true),
        of("low end excluded", open, 1, false),
        of("high end excluded", open, 2.0, false),
        of("low end included", atLeast(1), 1, true),
        of("high end included", atMost(1), 1.0, true),
        of("below", atLeast(1), 0.999, false),
        of("unbounded takes any number", range(Bound.none(), Bound.none()), -7, true),
        of("unbounded takes no text", range(Bound.none(), Bound.none()), "7", false),
        of("text is no number", atLeast(0), "1", false),
        of("a truth value is no number", atLeast(0), true, false),
        of("null is no number", atLeast(0), null, false),
        of("void interval", range(Bound.including(2.0), Bound.including(1.0)), 1.5, false),
        of("zero has no sign", atLeast(0.0), -0.0, true),
        of("zero has no sign in a bound", atMost(-0.0), 0, true),
        of(
            "zero of no sign is not below itself",
            range(Bound.excluding(-0.0), Bound.none()),
            0.0,
            false),
        // 2^53 + 1 is no float64: it is compared as 2^53.
        of("2^53 + 1 as float64", atMost(0x1p53), ABOVE_2_53, true),
        of(
            "2^53 + 1 is not above 2^53",
            range(Bound.excluding(0x1p53), Bound.none()),
            ABOVE_2_53,
            false),
        of(
            "2^53 + 2 is above 2^53",
            range(Bound.excluding(0x1p53), Bound.none()),
            ABOVE_2_53 + 1,
            true),
        of("largest integer as 2^63", atLeast(0x1p63), Long.MAX_VALUE, true),
        of("smallest integer", atMost(-0x1p63), Long.MIN_VALUE, true),
        of("infinite bound", atMost(Double.POSITIVE_INFINITY), Double.MAX_VALUE, true),
        of("below minus infinity", atMost(Double.NEGATIVE_INFINITY), -1, false),
        missing("missing", atLeast(0), false));
  }

  private static Stream<Case> dates() {
    String noon = "2024-05-01T12:00:00Z";
    DateRange before =
        new DateRange("x", Bound.none(), Bound.excluding(Instant.parse("2024-05-02T00:00:00Z")));
    return Stream.of(
        of("equal", from(noon), noon, true),
        of("another zone, same time", from(noon), "2024-05-01T14:00:00+02:00", true),
        of("another zone, earlier", from(noon), "2024-05-01T13:59:59+02:00", false),
        of("no zone is UTC", from(noon), "2024-05-01T12:00:00", true),
        of("a space for T", from(noon), "2024-05-01 12:00:00", true),
        of("a date alone is midnight", from(noon), "2024-05-01", false),
        of("a date alone", from(noon), "2024-05-02", true),
        of("end excluded", before, "2024-05-02", false),
        of("just before the end", before, "2024-05-01T23:59:59.999999Z", true),
        of("no date", from(noon), "tomorrow", false),
        of("a number is no date", from(noon), 1_900_000_000L, false),
        of("unbounded takes dates", new DateRange("x", Bound.none(), Bound.none()), noon, true),
        of("unbounded takes no text", new DateRange("x", Bound.none(), Bound.none()), "x", false),
        of("any element", from(noon), List.of("x", "2020-01-01", "2025-01-01"), true),
        missing("missing", from(noon), false));
  }

  private static Stream<Case> empties() {
    Filter empty = new IsEmpty("x");
    return Stream.of(
        missing("missing", empty, true),
        of("null", empty, null, true),
        of("empty array", empty, List.of(), true),
        of("empty text is something", empty, "", false),
        of("empty object is something", empty, Map.of(), false),
        of("zero is something", empty, 0, false),
        of("an array of null is something", empty, Arrays.asList((Object) null), false),
        of("an array of an empty array is something", empty, List.of(List.of()), false),
        of("all values of the path", new IsEmpty("x[].y"), List.of(Map.of("y", List.of())), true),
        of("one value of the path", new IsEmpty("x[].y"), List.of(Map.of(), Map.of("y", 1)), false),
        of("no value of the path", new IsEmpty("x[].y"), List.of(), true));
  }

  private static Stream<Case> nulls() {
    Filter isNull = new IsNull("x");
    return Stream.of(
        of("null", isNull, null, true),
        of("null in an array", isNull, listWithNull(), true),
        of("null deeper in an array", isNull, List.of(listWithNull()), false),
        of("empty array", isNull, List.of(), false),
        of("value", isNull, 0, false),
        of("the word null", isNull, "null", false),
        of("some value of the path", new IsNull("x[]"), listWithNull(), true),
        missing("missing is not null", isNull, false));
  }

  private static Stream<Case> arrays() {
    Filter both = new And(List.of(atLeast(5), atMost(3)));
    return Stream.of(
        of("any element", in(2), List.of(1, 2, 3), true),
        of("no element", in(4), List.of(1, 2, 3), false),
        of("mixed types", in("2"), List.of(1, "2", true), true),
        of("one level only", in(1), List.of(List.of(1)), false),
        of("one level only, range", atLeast(0), List.of(List.of(1)), false),
        of("another element for each test", both, List.of(1, 9), true),
        of("one element for both tests", both, List.of(4), false),
        of("not: no element", new Not(in(1)), List.of(1, 2), false),
        of("not and except differ", except(1), List.of(1, 2), true),
        of("nulls are passed over", atLeast(1), listWithNull(), true));
  }

  private static Stream<Case> paths() {
    Map<String, Object> object = Map.of("y", 1, "z", List.of(2, 3));
    List<Object> objects = List.of(Map.of("y", 1), Map.of("y", List.of(2, 3)), 4);
    return Stream.of(
        of("key of an object", inAt("x.y", 1), object, true),
        of("array in an object", inAt("x.z", 3), object, true),
        of("dots do not step into arrays", inAt("x.y", 1), objects, false),
        of("brackets do", inAt("x[].y", 1), objects, true),
        of("brackets, then any element", inAt("x[].y", 3), objects, true),
        of("brackets skip what has no such key", inAt("x[].y", 4), objects, false),
        of("one position", inAt("x[0].y", 1), objects, true),
        of("another position", inAt("x[1].y", 1), objects, false),
        of("position of a value", inAt("x[2]", 4), objects, true),
        of("beyond the end", inAt("x[3]", 4), objects, false),
        of("position of no array", inAt("x[0]", 1), 1, false),
        of("brackets of no array", inAt("x[]", 1), 1, false),
        of("brackets name elements", inAt("x[]", 1), List.of(1), true),
        of(
            "brackets name inner arrays, of which any element",
            inAt("x[]", 1),
            List.of(List.of(1)),
            true),
        of("quoted key", inAt("\"x\"", 1), 1, true),
        of("dotted key is one key", inAt("\"x.y\"", 1), object, false));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void leavesMeanWhatTheApiSays(Case c) {
    assertThat(FilterEvaluator.of(c.filter()).matches(c.payload())).isEqualTo(c.isMatch());
    assertThat(FilterEvaluator.of(new Not(c.filter())).matches(c.payload()))
        .as("negated")
        .isEqualTo(!c.isMatch());
  }

  @Test
  void groupsMeanWhatTheySay() {
    Filter yes = Filter.ALL;
    Filter no = Filter.NONE;
    Map<Filter, Boolean> answers =
        Map.ofEntries(
            Map.entry(new And(List.of()), true),
            Map.entry(new Or(List.of()), false),
            Map.entry(new And(List.of(yes, no)), false),
            Map.entry(new And(List.of(yes, yes)), true),
            Map.entry(new Or(List.of(no, yes)), true),
            Map.entry(new Not(no), true),
            Map.entry(new AtLeast(0, List.of()), true),
            Map.entry(new AtLeast(0, List.of(no)), true),
            Map.entry(new AtLeast(1, List.of()), false),
            Map.entry(new AtLeast(3, List.of(yes, yes)), false),
            Map.entry(new AtLeast(2, List.of(yes, no, yes)), true),
            Map.entry(new AtLeast(2, List.of(yes, no, no)), false),
            Map.entry(new AtLeast(Integer.MAX_VALUE, List.of(yes)), false));
    answers.forEach(
        (filter, answer) ->
            assertThat(FilterEvaluator.of(filter).matches(Payload.empty()))
                .as(FilterText.of(filter))
                .isEqualTo(answer));
  }

  @Test
  void malformedPathsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FilterEvaluator.of(new Not(inAt("a..b", 1))))
        .withMessageContaining("\"a..b\" is malformed at character 2");
  }

  @Test
  void filtersThatCannotBeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AtLeast(-1, List.of()))
        .withMessage("count must be at least 0, was -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> atLeast(Double.NaN))
        .withMessage("a bound of the range on 'x' is NaN");
    assertThatIllegalArgumentException().isThrownBy(() -> atMost(Double.NaN));
  }
}
