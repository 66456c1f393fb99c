package io.capsdb.attribute;

import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterNormalizer;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.point.FieldPath;
import io.capsdb.point.Payload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/// The typed fields of the rows of one index part, by ordinal, made from their payloads without
/// being declared.
///
/// Each path of at most [#MAX_DEPTH] keys is indexed by the types of its values: up to 4,096
/// distinct values as a dictionary with postings, more numbers as codes and the rows in their
/// order, more texts as sorted pairs of hash and ordinal. Strings above 256 bytes, what stands
/// inside arrays of objects and what [FieldBudget] leaves out are not indexed; filters on them are
/// verified on documents.
///
/// An index that was read from its bytes has columns too, so that filters are tested on ranges of
/// ordinals; one that was just built, as of a chunk of newest rows, resolves filters to bitmaps.
///
/// Immutable and safe for use by many threads.
///
/// | bytes | what |
/// |---|---|
/// | 4 | format, 2 (1 had no unindexed types and other forms of fields); 3 where a field |
/// |   | of tenants has more values than others may |
/// | 4 | number of ordinals |
/// | 1 | 1 when every path within the depth is there |
/// | 4 | number of paths |
/// | … | each path: its text, five bitmaps (filled, nulls, many, objects, long texts), its |
/// |   | unindexed types, its types with their values |
public final class AttributeIndex {
  /// Paths of more keys are not indexed.
  public static final int MAX_DEPTH = 4;

  /// Most paths that are indexed without being declared; those that most rows have.
  public static final int MAX_PATHS = FieldBudget.MAX_PATHS;

  /// Most paths that are collected, to choose from; the first ones met.
  private static final int MOST_COLLECTED = 4_096;

  private static final int FORMAT = 2;
  private static final int FORMAT_OF_MANY = 3;

  private final int size;
  private final boolean isComplete;
  private final Map<String, PathValues> paths;
  private final Optional<ColumnSet> columns;

  private AttributeIndex(
      int size, boolean isComplete, Map<String, PathValues> paths, Optional<ColumnSet> columns) {
    this.size = size;
    this.isComplete = isComplete;
    this.paths = paths;
    this.columns = columns;
  }

  public int size() {
    return size;
  }

  /// The indexed fields, ordered by path and type.
  public List<AttributeField> fields() {
    List<AttributeField> fields = new ArrayList<>();
    for (PathValues path : paths.values()) {
      for (TypedValues values : path.types().values()) {
        fields.add(new Field(path.path(), values));
      }
    }
    return fields;
  }

  /// The fields that are not indexed, in the form `path TYPE`: filters on them are verified on
  /// documents. Without those of paths that were left out as a whole.
  public List<String> unindexed() {
    List<String> fields = new ArrayList<>();
    for (PathValues path : paths.values()) {
      path.unindexed().forEach(type -> fields.add(path.path() + " " + type));
    }
    return fields;
  }

  /// Whether nothing that can be indexed was left out: then the payloads of its rows have nothing
  /// to add.
  public boolean isWhole() {
    return isComplete && paths.values().stream().allMatch(path -> path.unindexed().isEmpty());
  }

  /// About the bytes that the index takes in memory, with its columns.
  public long bytes() {
    long sum = 0;
    for (PathValues path : paths.values()) {
      sum += path.bytes();
      for (TypedValues values : path.types().values()) {
        sum += values.bytes(size);
      }
    }
    return sum;
  }

  /// Whether no row has more than one element at this path, over all types and nulls.
  public boolean isSingleValued(String path) {
    PathValues values = paths.get(path);
    return values == null
        ? isComplete && isDecidable(FieldPath.parse(path))
        : values.isSingleValued();
  }

  /// The same rows in another order: ordinal `i` of the answer is what was ordinal `order[i]`.
  ///
  /// @throws IllegalArgumentException if `order` is not a permutation of the ordinals
  public AttributeIndex reorder(int[] order) {
    if (order.length != size) {
      throw new IllegalArgumentException("order has " + order.length + " entries, not " + size);
    }
    Reordering reordering = new Reordering(order);
    Map<String, PathValues> moved = new TreeMap<>();
    paths.forEach((path, values) -> moved.put(path, values.reorder(reordering)));
    return new AttributeIndex(size, isComplete, moved, Optional.empty());
  }

  /// The same with columns, so that filters are tested on rows instead of resolved to bitmaps.
  public AttributeIndex withColumns() {
    return columns.isPresent()
        ? this
        : new AttributeIndex(
            size, isComplete, paths, Optional.of(ColumnSet.of(paths.values(), size)));
  }

  /// The same, knowing of some runs of ordinals which columns ascend in each of them, so that
  /// ranges are found by halving, and which values stand in each. Costs some passes over the
  /// columns.
  ///
  /// @param starts the first ordinal of each run, ascending, then the number of ordinals; empty
  ///     where there are no runs
  public AttributeIndex inRuns(int[] starts) {
    return new AttributeIndex(
        size, isComplete, paths, columns.map(own -> own.inRuns(starts.clone())));
  }

  /// The code of each ordinal in a field, plus one, and 0 for none.
  ///
  /// @return empty where a row has two values or few rows have one, and without [#withColumns]
  public Optional<int[]> codes(AttributeField field) {
    return columns
        .map(own -> own.of(field.path(), field.type()))
        .map(
            own -> {
              int[] codes = new int[size];
              java.util.Arrays.setAll(codes, own.all()::code);
              return codes;
            });
  }

  /// The code of each ordinal in the texts of a path, plus one, and 0 for none; larger texts have
  /// larger codes.
  ///
  /// @return empty where a row has two values or a text that is too long, where few rows have one,
  ///     where very many texts are hashed, and without [#withColumns]
  public Optional<int[]> keywordCodes(String path) {
    PathValues values = paths.get(path);
    if (values == null || !values.isSingleValued() || !values.longTexts().isEmpty()) {
      return Optional.empty();
    }
    TypedValues keywords = values.types().get(ValueType.KEYWORD);
    return keywords == null ? Optional.empty() : codes(new Field(path, keywords));
  }

  /// Whether the texts of a path are told apart without documents: none of them is a mere hash.
  public boolean tellsTexts(String path) {
    PathValues values = paths.get(path);
    TypedValues keywords = values == null ? null : values.types().get(ValueType.KEYWORD);
    return keywords == null || keywords.isExact();
  }

  /// The code of an ordinal in a field, plus one, and 0 for none: what is [AttributeField#value] of
  /// it.
  ///
  /// @return empty where a row has two values or few rows have one, and without [#withColumns]
  public Optional<IntUnaryOperator> codeOf(AttributeField field) {
    return columns.map(own -> own.of(field.path(), field.type())).map(own -> own.all()::code);
  }

  /// The fields that tell all strings, whole numbers and truth values that stand at a path, so that
  /// they can be counted by postings; empty where documents have to be read for that.
  public Optional<List<AttributeField>> countable(FieldPath path) {
    if (!isDecidable(path)) {
      return Optional.empty();
    }
    PathValues values = paths.get(path.canonical());
    if (values == null) {
      return Optional.of(List.of());
    }
    List<AttributeField> fields = new ArrayList<>();
    for (ValueType type : List.of(ValueType.KEYWORD, ValueType.INTEGER, ValueType.BOOLEAN)) {
      TypedValues typed = values.types().get(type);
      if (typed != null) {
        fields.add(new Field(values.path(), typed));
      }
      if (values.unindexed().contains(type)) {
        return Optional.empty();
      }
    }
    boolean isCountable =
        values.longTexts().isEmpty() && fields.stream().allMatch(AttributeField::hasPostings);
    return isCountable ? Optional.of(fields) : Optional.empty();
  }

  /// Resolves a filter to ordinals.
  ///
  /// @param verify reads the document of an ordinal and tells whether it matches the filter
  /// @throws IllegalArgumentException if a field path of the filter is malformed
  public Selection select(Filter filter, IntPredicate verify) {
    return select(filter, verify, PointFacts.NONE);
  }

  /// Resolves a filter to ordinals.
  ///
  /// @param verify reads the document of an ordinal and tells whether it matches the filter
  /// @param facts what is known of ids and vectors
  /// @throws IllegalArgumentException if a field path of the filter is malformed
  public Selection select(Filter filter, IntPredicate verify, PointFacts facts) {
    PointFacts known = facts.remembering();
    Filter normal = FilterNormalizer.normalize(filter, this::isSingleValued);
    return new Selection(
        size,
        normal,
        verify,
        columns.flatMap(
            own ->
                new RowTests(this, own, known)
                    .of(normal)
                    .map(test -> new Selection.Decided(test, own.sample()))),
        () -> new FilterResolver(this, known).resolve(normal),
        new RoaringBitmap());
  }

  /// Whether the bitmaps decide what stands at a path: it is made of keys, not too deep, and not
  /// left out.
  boolean isDecidable(FieldPath path) {
    return path.isPlain()
        && path.length() <= MAX_DEPTH
        && (isComplete || paths.containsKey(path.canonical()));
  }

  @Nullable PathValues path(String canonical) {
    return paths.get(canonical);
  }

  public void write(CheckedWriter out) {
    boolean hasMany = paths.values().stream().anyMatch(AttributeIndex::hasMany);
    out.writeInt(hasMany ? FORMAT_OF_MANY : FORMAT);
    out.writeInt(size);
    out.writeByte(isComplete ? 1 : 0);
    out.writeInt(paths.size());
    paths.values().forEach(path -> path.write(out));
  }

  private static boolean hasMany(PathValues path) {
    return path.types().values().stream()
        .anyMatch(
            values ->
                values instanceof PostingValues && values.valueCount() > PostingValues.MAX_VALUES);
  }

  /// @throws io.capsdb.io.CorruptFileException if the bytes do not hold together
  public static AttributeIndex read(CheckedReader in) {
    int format = in.readInt();
    if (format != FORMAT && format != FORMAT_OF_MANY) {
      throw in.corrupt(
          "attribute index of format " + format + ", this version reads " + FORMAT_OF_MANY);
    }
    int size = in.readInt();
    if (size < 0) {
      throw in.corrupt("a negative number of rows");
    }
    boolean isComplete = in.readByte() != 0;
    int count = in.readLength(1);
    Map<String, PathValues> paths = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      PathValues path = PathValues.read(in, size);
      paths.put(path.path(), path);
    }
    return new AttributeIndex(
        size, isComplete, paths, Optional.of(ColumnSet.of(paths.values(), size)));
  }

  /// Collects the payloads of rows in order. Not for more than one thread.
  public static final class Builder {
    private static final int VECTOR_BYTES_PER_BYTE = 50;

    private final Map<String, PathCollector> paths = new TreeMap<>();

    /// The same by key for paths of one key, which nearly all are: writing and finding a path costs
    /// more than adding to it.
    private final Map<String, PathCollector> byKey = new HashMap<>();

    private int size;
    private final Set<String> declared;
    private final Set<String> tenants;
    private final int rowBytes;
    private boolean isComplete = true;

    public Builder() {
      this(Set.of());
    }

    /// @param declared paths that are indexed whatever they cost, as `FieldPath.join` writes them
    public Builder(Set<String> declared) {
      this(declared, Set.of(), FieldBudget.ROW_BYTES);
    }

    /// @param declared paths that are indexed whatever they cost, as `FieldPath.join` writes them
    /// @param vectorBytes bytes of the vectors of a row: where they are many, fields may take more
    ///     than [FieldBudget#ROW_BYTES], up to a fiftieth of them
    public static Builder beside(Set<String> declared, long vectorBytes) {
      return beside(declared, Set.of(), vectorBytes);
    }

    /// @param tenants those of the declared paths whose texts tell tenants apart: they are kept as
    ///     they are, up to 131,072 of them, so that a tenant is found without documents
    public static Builder beside(Set<String> declared, Set<String> tenants, long vectorBytes) {
      return new Builder(
          declared,
          tenants,
          (int) Math.max(FieldBudget.ROW_BYTES, vectorBytes / VECTOR_BYTES_PER_BYTE));
    }

    private Builder(Set<String> declared, Set<String> tenants, int rowBytes) {
      this.tenants = Set.copyOf(tenants);
      this.declared = Set.copyOf(declared);
      this.rowBytes = rowBytes;
    }

    /// Adds the next row.
    public void add(Payload payload) {
      addFields("", payload.fields(), 1);
      size++;
    }

    /// Adds a row that need not be the next one.
    public void add(int row, Payload payload) {
      int end = size;
      size = row;
      add(payload);
      size = Math.max(end, size);
    }

    /// Adds the rows of another index without their payloads.
    ///
    /// @param other an index that [#isWhole]
    /// @param rowOf for each ordinal of it its row here, which nobody else adds; -1 for those that
    ///     are left out
    public void addAll(AttributeIndex other, int[] rowOf) {
      if (!other.isWhole() || rowOf.length != other.size) {
        throw new IllegalArgumentException(
            rowOf.length + " rows of an index of " + other.size + ", whole: " + other.isWhole());
      }
      other.paths.forEach(
          (path, values) -> {
            PathCollector collector = collector(path);
            if (collector != null) {
              collector.addAll(values, rowOf);
            }
          });
      for (int row : rowOf) {
        size = Math.max(size, row + 1);
      }
    }

    public AttributeIndex build() {
      FieldBudget budget = new FieldBudget(size, declared, rowBytes);
      List<PathCollector> chosen = budget.choosePaths(paths.values());
      Map<String, PathValues> built = new TreeMap<>();
      for (PathValues path : budget.chooseFields(chosen)) {
        built.put(path.path(), path);
      }
      return new AttributeIndex(
          size, isComplete && chosen.size() == paths.size(), built, Optional.empty());
    }

    private void addFields(String parent, Map<?, ?> fields, int depth) {
      for (Map.Entry<?, ?> entry : fields.entrySet()) {
        String key = (String) entry.getKey();
        PathCollector collector = parent.isEmpty() ? byKey.get(key) : null;
        boolean isNested = entry.getValue() instanceof Map<?, ?>;
        String path = collector == null || isNested ? FieldPath.join(parent, key) : "";
        if (collector == null) {
          collector = collector(path);
          if (collector != null && parent.isEmpty()) {
            byKey.put(key, collector);
          }
        }
        if (collector != null) {
          collector.add(size, entry.getValue());
        }
        if (entry.getValue() instanceof Map<?, ?> inner && depth < MAX_DEPTH) {
          addFields(path, inner, depth + 1);
        }
      }
    }

    private @Nullable PathCollector collector(String path) {
      PathCollector collector = paths.get(path);
      boolean isTaken = paths.size() < MOST_COLLECTED || declared.contains(path);
      if (collector == null && path.length() <= FieldPath.MAX_LENGTH && isTaken) {
        collector = new PathCollector(path, tenants.contains(path));
        paths.put(path, collector);
      }
      isComplete &= collector != null;
      return collector;
    }
  }

  private record Field(String path, TypedValues values) implements AttributeField {
    @Override
    public ValueType type() {
      return values.type();
    }

    @Override
    public boolean hasPostings() {
      return values.valueCount() <= PostingValues.MAX_VALUES
          && switch (values) {
            case PostingValues _ -> true;
            case SortedNumbers numbers -> numbers.isListedByValue();
            case HashedTexts _ -> false;
          };
    }

    @Override
    public int valueCount() {
      return values.valueCount();
    }

    @Override
    public Object value(int code) {
      if (!hasPostings()) {
        throw new IllegalStateException("field " + path + " has too many values for postings");
      }
      return values instanceof SortedNumbers numbers
          ? numbers.value(code)
          : ((PostingValues) values).value(code);
    }

    @Override
    public RoaringBitmap ordinals(int code) {
      return values.holding(value(code));
    }

    @Override
    public void forEach(Holders holders) {
      if (values instanceof SortedNumbers numbers && hasPostings()) {
        numbers.forEach(holders);
        return;
      }
      for (int code = 0; code < valueCount(); code++) {
        int own = code;
        ordinals(code).forEach((int ordinal) -> holders.accept(own, ordinal));
      }
    }
  }
}
