package io.capsdb.formats;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// CSV with a header line. The column `vector` holds a JSON array; the others are fields of the
/// payload: whole numbers, numbers, `true` and `false`, otherwise strings; an empty cell is a
/// missing field. A column `id` is the id too.
final class CsvRows implements RowSource {
  private final FileInput in;
  private final CsvReader<NamedCsvRecord> reader;
  private final Iterator<NamedCsvRecord> records;
  private long next;

  CsvRows(FileInput in) {
    this.in = in;
    this.reader =
        CsvReader.builder().ofNamedCsvRecord(new InputStreamReader(in, StandardCharsets.UTF_8));
    this.records = reader.iterator();
  }

  @Override
  public Optional<Row> next() throws IOException {
    NamedCsvRecord record;
    try {
      if (!records.hasNext()) {
        return Optional.empty();
      }
      record = records.next();
    } catch (CsvParseException e) {
      throw new FormatException(in.name(), "row " + next, String.valueOf(e.getMessage()));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    long number = next++;
    long line = record.getStartingLineNumber();
    if (record.getFieldCount() != record.getHeader().size()) {
      return Optional.of(
          Row.rejected(
              number,
              line,
              record.getFieldCount() + " cells, the header has " + record.getHeader().size()));
    }
    try {
      return Optional.of(parse(number, line, record));
    } catch (IllegalArgumentException e) {
      return Optional.of(Row.rejected(number, line, String.valueOf(e.getMessage())));
    }
  }

  private static Row parse(long number, long line, NamedCsvRecord record) throws IOException {
    Optional<PointId> id = Optional.empty();
    float[] vector = null;
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (Map.Entry<String, String> cell : record.getFieldsAsMap().entrySet()) {
      String text = cell.getValue();
      if (text.isEmpty()) {
        continue;
      }
      if (cell.getKey().equals("vector")) {
        vector = JsonlRows.parseVector(text);
        continue;
      }
      if (cell.getKey().equals("id")) {
        id = Optional.of(PointId.parse(text));
      }
      fields.put(cell.getKey(), typed(text));
    }
    Optional<String> rejection = vector == null ? Optional.empty() : Vectors.check(vector);
    return new Row(number, line, id, vector, Payload.of(fields), rejection);
  }

  private static Object typed(String text) {
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true");
    }
    if (text.matches("-?(0|[1-9][0-9]{0,17})")) {
      return Long.parseLong(text);
    }
    if (text.length() < 64
        && text.matches("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?")
        && !text.matches("-?0[0-9].*")) {
      double number = Double.parseDouble(text);
      if (Double.isFinite(number)) {
        return number;
      }
    }
    return text;
  }

  @Override
  public String file() {
    return in.name();
  }

  @Override
  public OptionalLong rowCount() {
    return OptionalLong.empty();
  }

  @Override
  public double progress() {
    return in.progress();
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
