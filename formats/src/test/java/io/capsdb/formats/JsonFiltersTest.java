package io.capsdb.formats;

import static io.capsdb.filter.Filter.Bound.excluding;
import static io.capsdb.filter.Filter.Bound.including;
import static io.capsdb.filter.Filter.Bound.none;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonParser;
import io.capsdb.filter.Filter;
import io.capsdb.filter.GeoPoint;
import io.capsdb.filter.Value;
import io.capsdb.point.IdSet;
import io.capsdb.point.PointId;
import io.capsdb.testdata.Seed;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFiltersTest {
  private static final Filter A = new Filter.In("a", Set.of(Value.of(1)));
  private static final Filter B = new Filter.In("b", Set.of(Value.of("x")));
  private static final String JSON_A = "{'key':'a','match':{'value':1}}";
  private static final String JSON_B = "{'key':'b','match':{'value':'x'}}";

  private static Map<String, Filter> forms() {
    Map<String, Filter> forms = new TreeMap<>();
    forms.put("{}", Filter.ALL);
    forms.put("{'must':[]}", Filter.ALL);
    forms.put("{'should':[],'must_not':[]}", Filter.ALL);
    forms.put("{'must':null,'should':null,'must_not':null,'min_should':null}", Filter.ALL);
    forms.put("{'must':[A]}", A);
    forms.put("{'must':A}", A);
    forms.put("{'must':[A,B]}", new Filter.And(List.of(A, B)));
    forms.put("{'should':A}", A);
    forms.put("{'should':[A,B]}", new Filter.Or(List.of(A, B)));
    forms.put("{'must_not':A}", new Filter.Not(A));
    forms.put("{'must_not':[A,B]}", new Filter.And(List.of(new Filter.Not(A), new Filter.Not(B))));
    forms.put(
        "{'should':[A,B],'must':[A],'must_not':[B]}",
        new Filter.And(List.of(new Filter.Or(List.of(A, B)), A, new Filter.Not(B))));
    forms.put(
        "{'min_should':{'conditions':[A,B],'min_count':2}}", new Filter.AtLeast(2, List.of(A, B)));
    forms.put("{'min_should':{'min_count':0,'conditions':[]}}", new Filter.AtLeast(0, List.of()));
    forms.put(
        "{'must':[{'must_not':[{'should':[A,B]}]}]}", new Filter.Not(new Filter.Or(List.of(A, B))));
    forms.put("{'must':[{}]}", Filter.ALL);
    forms.put(
        "{'must':[{'key':'a','match':{'any':[1,2,2]}}]}",
        new Filter.In("a", Set.of(Value.of(1), Value.of(2))));
    forms.put("{'must':[{'key':'a','match':{'any':[]}}]}", new Filter.In("a", Set.of()));
    forms.put(
        "{'must':[{'match':{'any':['x']},'key':'a'}]}", new Filter.In("a", Set.of(Value.of("x"))));
    forms.put(
        "{'must':[{'key':'a','match':{'value':true}}]}",
        new Filter.In("a", Set.of(Value.of(true))));
    forms.put(
        "{'must':[{'key':'a','match':{'except':['x','y']}}]}",
        new Filter.Except("a", Set.of(Value.of("x"), Value.of("y"))));
    forms.put(
        "{'must':[{'key':'a.b[].c','range':{'gt':1,'lte':2.5}}]}",
        new Filter.Range("a.b[].c", excluding(1.0), including(2.5)));
    forms.put("{'must':[{'key':'a','range':{}}]}", new Filter.Range("a", none(), none()));
    forms.put(
        "{'must':[{'key':'a','range':{'gte':1,'lt':null,'gt':null}}]}",
        new Filter.Range("a", including(1.0), none()));
    forms.put(
        "{'must':[{'key':'a','range':{'gt':1,'gte':2,'lte':5,'lt':5}}]}",
        new Filter.Range("a", including(2.0), excluding(5.0)));
    forms.put(
        "{'must':[{'key':'a','range':{'gte':'2024-02-29','gt':'2024-02-29'}}]}",
        new Filter.DateRange("a", excluding(Instant.parse("2024-02-29T00:00:00Z")), none()));
    forms.put(
        "{'must':[{'key':'a','values_count':{'gte':1,'gt':2,'lt':9,'lte':9}}]}",
        new Filter.ValuesCount("a", excluding(2L), excluding(9L)));
    forms.put(
        "{'must':[{'key':'a','range':{'lt':'2024-02-29'}}]}",
        new Filter.DateRange("a", none(), excluding(Instant.parse("2024-02-29T00:00:00Z"))));
    forms.put("{'must':[{'is_empty':{'key':'a'}}]}", new Filter.IsEmpty("a"));
    forms.put("{'must':[{'is_null':{'key':'a'}}]}", new Filter.IsNull("a"));
    forms.put("{'must':[{'key':'a','is_empty':true}]}", new Filter.IsEmpty("a"));
    forms.put("{'must':[{'key':'a','is_null':false}]}", new Filter.Not(new Filter.IsNull("a")));
    forms.put(
        "{'must':[{'key':'a','match':{'value':1},'range':null,'is_empty':null,"
            + "'is_null':null,'geo_radius':null,'geo_bounding_box':null,'geo_polygon':null,"
            + "'values_count':null}]}",
        A);
    forms.put(
        "{'must':[{'key':'a','match':{'value':1},'range':{'lt':2}}]}",
        new Filter.Or(List.of(A, new Filter.Range("a", none(), excluding(2.0)))));
    return forms;
  }

  private static String json(String form) {
    return form.replace("A", JSON_A).replace("B", JSON_B).replace('\'', '"');
  }

  @Test
  void everyFormIsRead() {
    forms()
        .forEach(
            (form, filter) -> assertThat(JsonFilters.read(json(form))).as(form).isEqualTo(filter));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'must':[A,A,{'key':'x','range':{'gt':'no'}}]} | filter.must[2].range.gt: 'no' is no RFC",
        "{'must':[A,A,{'key':'x','range':{'gt':true}}]} | filter.must[2].range.gt: expected a number",
        "{'must':[{'key':'x','range':{'gt':1e400}}]} | filter.must[0].range.gt: value 1e400 invalid",
        "{'must':[{'key':'x','range':{'gt':1,'lt':'2024-01-01'}}]} | all numbers or all date-times",
        "{'must':[{'key':'x','range':{'above':1}}]} | filter.must[0].range.above: unknown key 'above'",
        "{'must':[{'key':'x','match':{'value':1.5}}]} | filter.must[0].match.value: expected a",
        "{'must':[{'key':'x','match':{'value':null}}]} | found null",
        "{'must':[{'key':'x','match':{'any':[1,'a']}}]} | filter.must[0].match.any[1]: the values",
        "{'must':[{'key':'x','match':{'any':[true]}}]} | all strings or all whole numbers",
        "{'must':[{'key':'x','match':{'any':'a'}}]} | filter.must[0].match.any: expected an array",
        "{'must':[{'key':'x','match':{}}]} | filter.must[0].match: match has exactly one of",
        "{'must':[{'key':'x','match':{'value':1,'any':[]}}]} | match has exactly one of",
        "{'must':[{'key':'x','match':{'value':9223372036854775808}}]} | from -9223372036854775808",
        "{'must':[{'key':'x','match':{'text':1}}]} | expected a string",
        "{'must':[{'key':'x'}]} | filter.must[0]: the condition on 'x' has no test",
        "{'must':[{'match':{'value':1}}]} | filter.must[0]: key is missing",
        "{'must':[{'key':'x[','match':{'value':1}}]} | filter.must[0].key: field path",
        "{'must':[{'key':'','match':{'value':1}}]} | filter.must[0].key: field path",
        "{'must':[{'key':1,'match':{'value':1}}]} | filter.must[0].key: expected a string",
        "{'must':[{'key':'x','must':[A]}]} | filter.must[0]: a condition is either",
        "{'must':[{'has_id':[1.5]}]} | expected an id",
        "{'must':[{'has_id_bitmap':'x'}]} | base64 form of a portable RoaringBitmap",
        "{'must':[{'has_id':[1],'key':'a','match':{'value':1}}]} | not both",
        "{'must':[{'nested':{'key':'a'}}]} | filter is missing",
        "{'must':[{'nested':{'filter':{}}}]} | key is missing",
        "{'must':[{'in_idset':3}]} | in_idset: expected a string",
        "{'must':[{'slice':{}}]} | filter.must[0].slice: total is missing",
        "{'must':[{'slice':{'total':3}}]} | filter.must[0].slice: index is missing",
        "{'must':[{'slice':3}]} | filter.must[0].slice: expected an object with total and index",
        "{'must':[{'slice':{'total':0,'index':0}}]} | slice.total: value 0 invalid, must be from 1",
        "{'must':[{'slice':{'total':4294967296,'index':0}}]} | to 4294967295",
        "{'must':[{'slice':{'total':2,'index':2}}]} | slice.index: value 2 invalid, must be from 0 to 1",
        "{'must':[{'slice':{'index':-1,'total':2}}]} | slice.index: value -1 invalid",
        "{'must':[{'slice':{'total':'2','index':0}}]} | slice.total: expected a whole number",
        "{'must':[{'slice':{'total':2.5,'index':0}}]} | slice.total: expected a whole number",
        "{'must':[{'slice':{'total':2,'index':0,'of':1}}]} | slice.of: unknown key",
        "{'must':[{'slice':{'total':2,'index':0},'has_id':[1]}]} | not both",
        "{'must':[{'key':'a','geo_radius':{'radius':1}}]} | center is missing",
        "{'must':[{'key':'a','geo_radius':{'center':{'lon':1},'radius':1}}]} | lat is missing",
        "{'must':[{'kee':'x'}]} | filter.must[0].kee: unknown key 'kee'",
        "{'must':[3]} | filter.must[0]: expected a condition object, found a whole number",
        "{'must':[[A]]} | filter.must[0]: expected a condition object, found an array",
        "{'must':[null]} | filter.must[0]: expected a condition object, found null",
        "{'must':'A'} | filter.must: expected a condition object, found a string",
        "{'musst':[]} | filter.musst: unknown key 'musst', a filter has must, should",
        "{'musst':null} | filter.musst: unknown key 'musst', a filter has must, should",
        "{'min_should':{'conditions':[A]}} | filter.min_should: min_count is missing",
        "{'min_should':{'conditions':[A],'min_count':-1}} | filter.min_should.min_count: value -1",
        "{'min_should':{'conditions':[A],'count':1}} | filter.min_should.count: unknown key",
        "{'min_should':[A]} | filter.min_should: expected an object, found an array",
        "{'must':[{'is_empty':{}}]} | filter.must[0].is_empty: key is missing",
        "{'must':[{'is_empty':{'field':'a'}}]} | filter.must[0].is_empty.field: unknown key",
        "{'must':[{'is_empty':true}]} | filter.must[0]: key is missing",
        "[] | filter: expected a filter object, found an array",
        "3 | filter: expected a filter object, found a whole number",
        "null | filter: expected a filter object, found null",
      })
  void malformedFiltersAreRefusedWithTheirPlace(String form, String expected) throws IOException {
    String text = json(form.replace("'A'", "'a'"));
    try (JsonParser in = Json.factory().createParser("{\"filter\":" + text + "}")) {
      in.nextToken();
      in.nextToken();
      in.nextToken();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> JsonFilters.read(in))
          .withMessageContaining(expected)
          .satisfies(JsonTest::assertPlain);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{'must':[",
        "{'must':[A}",
        "{'must':[A]} 3",
        "{'must':[A]}}",
        "{'must':[A],'must':[B]}",
        "{'must':[{'key':'a','key':'b','match':{'value':1}}]}",
        "{'must':[A],}",
        "{'must':[{'key':'a','range':{'gt':NaN}}]}"
      })
  void malformedJsonIsRefused(String form) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JsonFilters.read(json(form)))
        .satisfies(JsonTest::assertPlain);
  }

  @Test
  void nestingValuesAndConditionsHaveLimits() {
    String deepest = "{\"must_not\":".repeat(15) + json(JSON_A) + "}".repeat(15);
    Filter filter = JsonFilters.read(deepest);
    io.capsdb.filter.FilterLimits.check(filter);
    assertThat(JsonFilters.read(JsonFilters.write(filter))).isEqualTo(filter);
    for (int depth : new int[] {16, 17, 30, 1_000}) {
      String deep = "{\"must_not\":".repeat(depth) + json(JSON_A) + "}".repeat(depth);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> JsonFilters.read(deep))
          .withMessageContaining("nested deeper than 16");
    }
    String many = "{\"must\":[" + (json(JSON_A) + ",").repeat(256) + json(JSON_A) + "]}";
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JsonFilters.read(many))
        .withMessageContaining("at most 256 conditions");
    StringBuilder values = new StringBuilder("{\"must\":{\"key\":\"a\",\"match\":{\"any\":[0");
    for (int i = 1; i <= 100_000; i++) {
      values.append(',').append(i);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JsonFilters.read(values + "]}}}"))
        .withMessageContaining("more than 100000 values");
  }

  @RepeatedTest(500)
  void filtersAreReadAsTheyWereWritten() {
    Seed seed = Seed.next();
    Filter filter = filter(seed.random(), 5);
    String text = JsonFilters.write(filter);
    assertThat(JsonFilters.read(text)).as("%s, %s", seed, text).isEqualTo(asRead(filter));
    assertThat(JsonFilters.write(JsonFilters.read(text))).as("%s", seed).isNotEmpty();
  }

  @Test
  void valuesOfSeveralTypesAreWrittenAsAlternatives() {
    Filter mixed = new Filter.In("a", Set.of(Value.of(1), Value.of("x"), Value.of(true)));
    assertThat(JsonFilters.read(JsonFilters.write(mixed)))
        .isEqualTo(
            new Filter.Or(
                List.of(
                    new Filter.In("a", Set.of(Value.of("x"))),
                    new Filter.In("a", Set.of(Value.of(1))),
                    new Filter.In("a", Set.of(Value.of(true))))));
    Filter flags = new Filter.In("a", Set.of(Value.of(false), Value.of(true)));
    assertThat(JsonFilters.read(JsonFilters.write(flags)))
        .isInstanceOfSatisfying(Filter.Or.class, or -> assertThat(or.parts()).hasSize(2));
  }

  @Test
  void whatTheRestFormCannotSayIsRefusedWithASentence() {
    List<Filter> unsayable =
        List.of(
            new Filter.Except("a", Set.of(Value.of(1), Value.of("x"))),
            new Filter.Except("a", Set.of(Value.of(true))),
            new Filter.Range("a", none(), including(Double.POSITIVE_INFINITY)),
            new Filter.DateRange("a", including(Instant.MAX), none()),
            new Filter.DateRange("a", none(), none()),
            new Filter.DateRange("a", none(), including(Instant.parse("-0001-01-01T00:00:00Z"))));
    for (Filter filter : unsayable) {
      assertThatIllegalArgumentException()
          .as("%s", filter)
          .isThrownBy(() -> JsonFilters.write(filter))
          .withMessageContaining("condition on 'a'");
    }
  }

  /// What reading makes of a filter: groups of one are their part, times have microseconds.
  private static Filter asRead(Filter filter) {
    return switch (filter) {
      case Filter.And(List<Filter> parts) when parts.size() == 1 -> asRead(parts.getFirst());
      case Filter.And(List<Filter> parts) -> new Filter.And(asRead(parts));
      case Filter.Or(List<Filter> parts) when parts.size() == 1 -> asRead(parts.getFirst());
      case Filter.Or(List<Filter> parts) when parts.isEmpty() -> new Filter.AtLeast(1, List.of());
      case Filter.Or(List<Filter> parts) -> new Filter.Or(asRead(parts));
      case Filter.Not(Filter part) -> new Filter.Not(asRead(part));
      case Filter.AtLeast(int count, List<Filter> parts) ->
          new Filter.AtLeast(count, asRead(parts));
      case Filter.Nested(String field, Filter part) -> new Filter.Nested(field, asRead(part));
      case Filter.Leaf _, Filter.PointTest _ -> filter;
    };
  }

  private static List<Filter> asRead(List<Filter> parts) {
    return parts.stream().map(JsonFiltersTest::asRead).toList();
  }

  private static Filter filter(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth == 0 ? 12 : 20)) {
      case 0 -> new Filter.In(field(random), values(random, random.nextInt(3), true));
      case 1 -> new Filter.Except(field(random), values(random, random.nextInt(2), false));
      case 2 ->
          new Filter.Range(
              field(random), bound(random, number(random)), bound(random, number(random)));
      case 3 ->
          new Filter.DateRange(field(random), including(time(random)), bound(random, time(random)));
      case 4 -> new Filter.IsEmpty(field(random));
      case 5 -> new Filter.IsNull(field(random));
      case 6 ->
          new Filter.ValuesCount(
              field(random), including((long) random.nextInt(5)), bound(random, 9L));
      case 7 ->
          new Filter.Text(
              field(random),
              List.of(
                      Filter.TextMode.PART,
                      Filter.TextMode.SUBSTRING,
                      Filter.TextMode.ANY_PART,
                      Filter.TextMode.BEGIN,
                      Filter.TextMode.PHRASE)
                  .get(random.nextInt(5)),
              "some \"text\"");
      case 8 -> new Filter.GeoRadius(field(random), place(random), random.nextInt(1_000) + 0.5);
      case 9 -> new Filter.GeoBox(field(random), place(random), place(random));
      case 10 ->
          new Filter.HasId(
              IdSet.of(
                  List.of(
                      PointId.of(random.nextLong()),
                      PointId.of(random.nextInt(9)),
                      PointId.of(new UUID(random.nextLong(), 1)))));
      case 11 -> new Filter.HasVector(field(random));
      case 18 -> new Filter.InIdSet(field(random));
      case 17 -> new Filter.Slice(7, random.nextInt(7));
      case 12, 13 -> new Filter.And(filters(random, depth));
      case 14 -> new Filter.Or(filters(random, depth));
      case 15 -> new Filter.Not(filter(random, depth - 1));
      case 16 -> new Filter.Nested("offers", filter(random, depth - 1));
      default -> new Filter.AtLeast(random.nextInt(5), filters(random, depth));
    };
  }

  private static GeoPoint place(RandomGenerator random) {
    return new GeoPoint(random.nextDouble() * 360 - 180, random.nextDouble() * 180 - 90);
  }

  private static List<Filter> filters(RandomGenerator random, int depth) {
    List<Filter> parts = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      parts.add(filter(random, depth - 1));
    }
    return parts;
  }

  private static String field(RandomGenerator random) {
    List<String> fields = List.of("a", "a.b", "é", "a[].b", "a[0]", "\"x.y\"", "\"q\\\"\"", "key");
    return fields.get(random.nextInt(fields.size()));
  }

  private static Set<Value> values(RandomGenerator random, int type, boolean hasFlags) {
    Set<Value> values = new HashSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      values.add(type == 0 ? Value.of("v€" + random.nextInt(9)) : Value.of(random.nextLong()));
    }
    return type == 2 && hasFlags ? Set.of(Value.of(random.nextBoolean())) : values;
  }

  private static double number(RandomGenerator random) {
    double bits = Double.longBitsToDouble(random.nextLong());
    return random.nextBoolean() && Double.isFinite(bits) ? bits : random.nextInt(-9, 9) / 4.0;
  }

  private static Instant time(RandomGenerator random) {
    long seconds =
        random.nextLong(
            Instant.parse("0000-01-01T00:00:00Z").getEpochSecond(),
            Instant.parse("9999-12-31T23:59:59Z").getEpochSecond());
    return Instant.ofEpochSecond(seconds, random.nextInt(1_000_000) * 1_000L);
  }

  private static <T> Filter.Bound<T> bound(RandomGenerator random, T value) {
    return switch (random.nextInt(3)) {
      case 0 -> none();
      case 1 -> including(value);
      default -> excluding(value);
    };
  }
}
