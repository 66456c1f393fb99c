package io.capsdb.formats;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// CSV with a header line, or the same with tabs for commas. The column `vector` holds a JSON
/// array; the others are fields of the
/// payload: whole numbers, numbers, `true` and `false`, otherwise strings; an empty cell is a
/// missing field. A column `id` is the id too.
final class CsvRows implements RowSource {
  private static final int BYTE_ORDER_MARK = 0xfeff;

  /// Half of a surrogate pair, which no UTF-8 becomes by itself.
  private static final char NOT_UTF8 = 0xdfff;

  private final FileInput in;
  private final CsvReader<NamedCsvRecord> reader;
  private final Iterator<NamedCsvRecord> records;
  private long next;

  CsvRows(FileInput in, char separator) throws IOException {
    this.in = in;
    this.reader =
        CsvReader.builder()
            .fieldSeparator(separator)
            .allowExtraFields(true)
            .allowMissingFields(true)
            .ofNamedCsvRecord(text(in));
    this.records = reader.iterator();
  }

  /// The text behind a byte order mark, if there is one. Bytes that are no UTF-8 become
  /// [#NOT_UTF8], so that a row with them can be told from others.
  private static Reader text(FileInput in) throws IOException {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE)
            .replaceWith(String.valueOf(NOT_UTF8));
    BufferedReader text = new BufferedReader(new InputStreamReader(in, decoder));
    text.mark(1);
    if (text.read() != BYTE_ORDER_MARK) {
      text.reset();
    }
    return text;
  }

  private static boolean isUtf8(List<String> cells) {
    for (String cell : cells) {
      for (int at = cell.indexOf(NOT_UTF8); at >= 0; at = cell.indexOf(NOT_UTF8, at + 1)) {
        if (at == 0 || !Character.isHighSurrogate(cell.charAt(at - 1))) {
          return false;
        }
      }
    }
    return true;
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
    if (!isUtf8(record.getHeader())) {
      throw new FormatException(in.name(), "header", "it is not UTF-8");
    }
    if (!isUtf8(record.getFields())) {
      return Optional.of(Row.rejected(number, line, "the row is not UTF-8"));
    }
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
    if (text.matches("-?(0|[1-9][0-9]{0,18})")) {
      try {
        return Long.parseLong(text);
      } catch (NumberFormatException _) {
        // Beyond 64 bits: a float, as in JSON.
      }
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
