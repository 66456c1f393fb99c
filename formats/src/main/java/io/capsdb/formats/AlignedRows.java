package io.capsdb.formats;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/// Two files whose rows belong together by their number: vectors from one, payloads (and ids) from
/// the other. A row that is rejected in one is rejected as a whole.
final class AlignedRows implements RowSource {
  private final RowSource vectors;
  private final RowSource payloads;

  AlignedRows(RowSource vectors, RowSource payloads) {
    this.vectors = vectors;
    this.payloads = payloads;
  }

  @Override
  public Optional<Row> next() throws IOException {
    requireEqualCounts();
    Optional<Row> left = vectors.next();
    Optional<Row> right = payloads.next();
    if (left.isEmpty() && right.isEmpty()) {
      return Optional.empty();
    }
    if (left.isEmpty() || right.isEmpty()) {
      RowSource shorter = left.isEmpty() ? vectors : payloads;
      RowSource longer = left.isEmpty() ? payloads : vectors;
      long rows = left.or(() -> right).map(Row::number).orElse(0L);
      throw new FormatException(
          shorter.file(),
          "end",
          "it has " + rows + " rows, " + longer.file() + " has more: they are not row-aligned");
    }
    Row vector = left.get();
    Row payload = right.get();
    Optional<String> rejection =
        vector
            .rejection()
            .map(reason -> vectors.file() + ": " + reason)
            .or(() -> payload.rejection().map(reason -> payloads.file() + ": " + reason));
    return Optional.of(
        new Row(
            vector.number(),
            payload.line(),
            payload.id().or(vector::id),
            vector.vector(),
            vector.named(),
            payload.payload(),
            rejection));
  }

  /// Tells before the first row what two headers tell already.
  private void requireEqualCounts() throws IOException {
    OptionalLong left = vectors.rowCount();
    OptionalLong right = payloads.rowCount();
    if (left.isPresent() && right.isPresent() && left.getAsLong() != right.getAsLong()) {
      boolean isLeftShorter = left.getAsLong() < right.getAsLong();
      RowSource shorter = isLeftShorter ? vectors : payloads;
      RowSource longer = isLeftShorter ? payloads : vectors;
      throw new FormatException(
          shorter.file(),
          "header",
          "it has "
              + Math.min(left.getAsLong(), right.getAsLong())
              + " rows, "
              + longer.file()
              + " has "
              + Math.max(left.getAsLong(), right.getAsLong())
              + ": they are not row-aligned");
    }
  }

  @Override
  public String file() {
    return payloads.file();
  }

  @Override
  public OptionalLong rowCount() {
    return vectors.rowCount().isPresent() ? vectors.rowCount() : payloads.rowCount();
  }

  @Override
  public double progress() {
    return vectors.progress();
  }

  @Override
  public void close() throws IOException {
    try (payloads) {
      vectors.close();
    }
  }
}
