package io.capsdb.server.command;

import java.util.ArrayList;
import java.util.List;

/// Text in columns: numbers to the right, the rest to the left.
final class Table {
  private static final int MAX_CELL = 40;

  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  Table(List<String> header) {
    this.header = List.copyOf(header);
  }

  void add(List<String> row) {
    if (row.size() != header.size()) {
      throw new IllegalArgumentException(
          "a row has " + row.size() + " cells, the header " + header.size());
    }
    rows.add(row.stream().map(Table::cell).toList());
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(line(header));
    rows.forEach(row -> lines.add(line(row)));
    return lines;
  }

  private String line(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < header.size(); column++) {
      String cell = cells.get(column);
      String pad = " ".repeat(width(column) - cell.length());
      line.append(column == 0 ? "" : "  ");
      line.append(isNumeric(column) ? pad + cell : cell + pad);
    }
    return line.toString().stripTrailing();
  }

  private int width(int column) {
    int width = header.get(column).length();
    for (List<String> row : rows) {
      width = Math.max(width, row.get(column).length());
    }
    return width;
  }

  private boolean isNumeric(int column) {
    return rows.stream().allMatch(row -> row.get(column).matches("-?[0-9.]*(E-?[0-9]+)?"));
  }

  /// One line without control characters, which could steer the terminal.
  static String cell(String text) {
    String line = text.replaceAll("\\p{Cntrl}", " ");
    return line.length() > MAX_CELL ? line.substring(0, MAX_CELL - 1) + "…" : line;
  }
}
