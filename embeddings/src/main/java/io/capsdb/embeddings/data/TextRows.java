package io.capsdb.embeddings.data;

import io.capsdb.formats.FormatException;
import io.capsdb.formats.RowSource;
import io.capsdb.formats.RowSources;
import io.capsdb.io.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Texts from JSONL, CSV or TSV: some fields of a row, joined by `". "`. All fields are attributes.
///
/// Titles are the same rows by their first field, or the first one after it that holds a text.
public final class TextRows implements SampleSource {
  private final RowSource rows;
  private final List<String> fields;
  private final int most;

  private TextRows(RowSource rows, List<String> fields, int most) {
    this.rows = rows;
    this.fields = List.copyOf(fields);
    this.most = most;
  }

  /// @param fields that are joined, at least one; of those that a row lacks it makes do without
  public static TextRows open(Disk disk, Path file, List<String> fields) throws IOException {
    return new TextRows(RowSources.open(disk, file), fields, fields.size());
  }

  /// Titles only.
  ///
  /// @param fields as for the texts
  public static TextRows titles(Disk disk, Path file, List<String> fields) throws IOException {
    return new TextRows(RowSources.open(disk, file), fields, 1);
  }

  @Override
  public Optional<Sample> next() throws IOException {
    Optional<RowSource.Row> next = rows.next();
    if (next.isEmpty()) {
      return Optional.empty();
    }
    RowSource.Row row = next.get();
    if (row.rejection().isPresent()) {
      throw new FormatException(rows.file(), "line " + row.line(), row.rejection().get());
    }
    List<String> parts = new ArrayList<>();
    for (String field : fields) {
      if (parts.size() < most
          && row.payload().fields().get(field) instanceof String text
          && !text.isBlank()) {
        parts.add(text);
      }
    }
    if (parts.isEmpty()) {
      throw new FormatException(
          rows.file(), "line " + row.line(), "none of the fields " + fields + " holds a text");
    }
    Content content = new Content.Text(String.join(". ", parts));
    return Optional.of(new Sample(row.number(), row.id(), content, row.payload()));
  }

  @Override
  public String file() {
    return rows.file();
  }

  @Override
  public OptionalLong count() {
    return rows.rowCount();
  }

  @Override
  public double progress() {
    return rows.progress();
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
