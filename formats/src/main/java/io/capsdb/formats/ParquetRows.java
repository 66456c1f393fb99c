package io.capsdb.formats;

import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqList;
import dev.hardwood.row.PqMap;
import dev.hardwood.row.PqStruct;
import dev.hardwood.row.StructAccessor;
import dev.hardwood.schema.SchemaNode;
import io.capsdb.io.Disk;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Parquet. A column that holds lists of numbers is the vector: that of the name `vector`, `emb` or
/// `embedding`, or the only one. All other columns become the payload; `id` also the id.
final class ParquetRows implements RowSource {
  private static final List<String> VECTOR_NAMES = List.of("vector", "emb", "embedding");

  private final MappedFile file;
  private final ParquetFileReader reader;
  private final RowReader rows;
  private final int vectorColumn;
  private final long rowCount;
  private long next;
  private boolean isClosed;

  private ParquetRows(MappedFile file, ParquetFileReader reader) throws IOException {
    this.file = file;
    this.reader = reader;
    this.rowCount = reader.getFileMetaData().numRows();
    this.rows = reader.rowReader();
    this.vectorColumn = vectorColumn(reader.getFileSchema().getRootNode().children(), file.name());
  }

  static ParquetRows open(Disk disk, Path path) throws IOException {
    MappedFile file = new MappedFile(disk, path);
    try {
      return new ParquetRows(file, ParquetFileReader.open(file.input()));
    } catch (FormatException e) {
      file.close();
      throw e;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw damaged(file, "footer", e);
    }
  }

  /// The library tells of damage by exceptions of many kinds, and of a packing that it lacks a
  /// library for by an unsupported operation.
  private static FormatException damaged(MappedFile file, String place, Exception e) {
    String reason =
        e instanceof UnsupportedOperationException
            ? String.valueOf(e.getMessage())
            : "it is no Parquet file, or a damaged one";
    FormatException damage = new FormatException(file.name(), place, reason);
    damage.initCause(e);
    return damage;
  }

  /// The number of the column that holds the vectors; -1 where none does.
  private static int vectorColumn(List<SchemaNode> columns, String file) throws IOException {
    List<Integer> candidates = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i) instanceof SchemaNode.GroupNode group
          && group.isList()
          && group.getListElement() instanceof SchemaNode.PrimitiveNode element
          && isNumeric(element.type())) {
        candidates.add(i);
      }
    }
    for (String name : VECTOR_NAMES) {
      for (int candidate : candidates) {
        if (columns.get(candidate).name().equals(name)) {
          return candidate;
        }
      }
    }
    if (candidates.size() > 1) {
      throw new FormatException(
          file,
          "schema",
          "several columns hold lists of numbers: "
              + String.join(", ", candidates.stream().map(i -> columns.get(i).name()).toList())
              + "; that of the vectors must be named vector, emb or embedding");
    }
    return candidates.isEmpty() ? -1 : candidates.getFirst();
  }

  private static boolean isNumeric(PhysicalType type) {
    return type == PhysicalType.FLOAT
        || type == PhysicalType.DOUBLE
        || type == PhysicalType.INT32
        || type == PhysicalType.INT64;
  }

  @Override
  public Optional<Row> next() throws IOException {
    try {
      if (!rows.hasNext()) {
        if (next != rowCount) {
          throw new FormatException(
              file.name(), "row " + next, "the file ends here, it promises " + rowCount + " rows");
        }
        return Optional.empty();
      }
      rows.next();
    } catch (RuntimeException e) {
      throw damaged(file, "row " + next, e);
    }
    long number = next++;
    try {
      return Optional.of(row(number));
    } catch (IllegalArgumentException e) {
      return Optional.of(Row.rejected(number, number + 1, String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      throw damaged(file, "row " + number, e);
    }
  }

  private Row row(long number) {
    float[] vector = null;
    Optional<PointId> id = Optional.empty();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < rows.getFieldCount(); i++) {
      if (rows.isNull(i)) {
        continue;
      }
      if (i == vectorColumn) {
        vector = vector(rows.getList(i));
        continue;
      }
      String name = rows.getFieldName(i);
      Object value = plain(rows.getValue(i), name);
      if (name.equals("id") && value != null) {
        id = Optional.of(PointId.parse(String.valueOf(value)));
      }
      fields.put(name, value);
    }
    Optional<String> rejection = vector == null ? Optional.empty() : Vectors.check(vector);
    return new Row(number, number + 1, id, vector, Payload.of(fields), rejection);
  }

  private static float[] vector(PqList list) {
    float[] values = new float[list.size()];
    List<Object> numbers = list.values();
    for (int i = 0; i < values.length; i++) {
      if (!(numbers.get(i) instanceof Number number)) {
        throw new IllegalArgumentException("vector[" + i + "] is missing");
      }
      values[i] = number.floatValue();
    }
    return values;
  }

  /// A value as payloads have it; points in time are texts.
  private static @Nullable Object plain(@Nullable Object value, String column) {
    return switch (value) {
      case null -> null;
      case Boolean flag -> flag;
      case String text -> text;
      case Long whole -> whole;
      case Integer whole -> (long) whole;
      case Float number -> (double) number;
      case Double number -> number;
      case BigDecimal number -> number.doubleValue();
      case UUID uuid -> uuid.toString();
      case Temporal moment -> moment.toString();
      case PqList list -> {
        List<@Nullable Object> values = new ArrayList<>(list.size());
        for (Object each : list.values()) {
          values.add(plain(each, column));
        }
        yield values;
      }
      case PqStruct struct -> plain(struct, column);
      case PqMap map -> {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (PqMap.Entry entry : map.getEntries()) {
          members.put(
              String.valueOf(entry.getKey()),
              entry.isValueNull() ? null : plain(entry.getValue(), column));
        }
        yield members;
      }
      default ->
          throw new IllegalArgumentException(
              "column '" + column + "' has values that no payload has");
    };
  }

  private static Map<String, @Nullable Object> plain(StructAccessor struct, String column) {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    for (int i = 0; i < struct.getFieldCount(); i++) {
      members.put(
          struct.getFieldName(i), struct.isNull(i) ? null : plain(struct.getValue(i), column));
    }
    return members;
  }

  @Override
  public String file() {
    return file.name();
  }

  @Override
  public OptionalLong rowCount() {
    return OptionalLong.of(rowCount);
  }

  @Override
  public double progress() {
    return rowCount == 0 ? 1 : (double) next / rowCount;
  }

  @Override
  public void close() throws IOException {
    if (!isClosed) {
      isClosed = true;
      rows.close();
      reader.close();
      file.close();
    }
  }
}
