package io.capsdb.formats;

import io.capsdb.point.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Rows of equal length after a header: npy (arrays of two dimensions, C order), idx (MNIST's
/// images and labels), and the bin files of big-ann (fbin, u8bin, i8bin).
///
/// Labels, which have one number a row, become payloads `{"label": n}`.
final class FixedRows implements RowSource {
  private static final int MAX_HEADER = 1 << 16;
  private static final byte[] NPY = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  private final FileInput in;
  private final Element element;
  private final ByteOrder order;
  private final long rowCount;
  private final int width;
  private final boolean isLabels;
  private final byte[] row;
  private long next;

  private FixedRows(
      FileInput in, Element element, ByteOrder order, long rowCount, long width, boolean isLabels)
      throws IOException {
    if (rowCount < 0 || width < 1 || width > Vectors.MAX_DIMENSION) {
      throw new FormatException(
          in.name(),
          "header",
          rowCount + " rows of " + width + " values; rows have 1 to 65536 values");
    }
    this.in = in;
    this.element = element;
    this.order = order;
    this.rowCount = rowCount;
    this.width = (int) width;
    this.isLabels = isLabels;
    this.row = new byte[(int) width * element.bytes()];
  }

  /// Reads the header of an npy file: magic, version, a Python dictionary.
  static FixedRows npy(FileInput in) throws IOException {
    byte[] head = new byte[8];
    if (in.fill(head) < 8 || !Arrays.equals(head, 0, 6, NPY, 0, 6)) {
      throw new FormatException(in.name(), "byte 0", "it does not begin as an npy file does");
    }
    int version = head[6] & 0xff;
    if (version < 1 || version > 3) {
      throw new FormatException(
          in.name(), "byte 6", "npy of version " + version + ", 1 to 3 are read");
    }
    byte[] lengthBytes = new byte[version == 1 ? 2 : 4];
    boolean isCut = in.fill(lengthBytes) < lengthBytes.length;
    ByteBuffer buffer = ByteBuffer.wrap(lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
    int length = lengthBytes.length == 2 ? buffer.getShort(0) & 0xffff : buffer.getInt(0);
    if (isCut || length < 0 || length > MAX_HEADER) {
      throw new FormatException(in.name(), "byte 8", "a header of " + length + " bytes");
    }
    byte[] text = new byte[length];
    if (in.fill(text) < length) {
      throw new FormatException(in.name(), "byte 10", "the file ends inside its header");
    }
    return npy(in, new String(text, java.nio.charset.StandardCharsets.UTF_8));
  }

  private static FixedRows npy(FileInput in, String header) throws IOException {
    String type = find(in, header, "descr", "'([^']*)'");
    String isFortran = find(in, header, "fortran_order", "(True|False)");
    String shape = find(in, header, "shape", "\\(([^)]*)\\)");
    if (isFortran.equals("True")) {
      throw new FormatException(in.name(), "header", "Fortran order is not read, only C order");
    }
    Element element =
        switch (type.matches("[<>|=].*") ? type.substring(1) : "") {
          case "i1" -> Element.INT8;
          case "u1" -> Element.UINT8;
          case "f2" -> Element.FLOAT16;
          case "f4" -> Element.FLOAT32;
          case "f8" -> Element.FLOAT64;
          default ->
              throw new FormatException(
                  in.name(),
                  "header",
                  "values of type '"
                      + Json.shorten(type)
                      + "' are not read, only i1, u1, f2, f4 and f8");
        };
    String[] sides = shape.replace(" ", "").split(",", -1);
    if (sides.length != 2 || !sides[0].matches("[0-9]{1,18}") || !sides[1].matches("[0-9]{1,9}")) {
      throw new FormatException(
          in.name(), "header", "shape (" + Json.shorten(shape) + ") is not rows by dimension");
    }
    ByteOrder order = type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    return new FixedRows(
        in, element, order, Long.parseLong(sides[0]), Long.parseLong(sides[1]), false);
  }

  private static String find(FileInput in, String header, String key, String pattern)
      throws IOException {
    var matcher =
        java.util.regex.Pattern.compile("'" + key + "'\\s*:\\s*" + pattern).matcher(header);
    if (!matcher.find()) {
      throw new FormatException(in.name(), "header", "it lacks '" + key + "'");
    }
    return matcher.group(1);
  }

  /// Reads the header of an idx file: two zero bytes, type of the values, number of sides, the
  /// sides.
  static FixedRows idx(FileInput in) throws IOException {
    byte[] head = new byte[4];
    if (in.fill(head) < 4 || head[0] != 0 || head[1] != 0 || head[3] < 1 || head[3] > 3) {
      throw new FormatException(in.name(), "byte 0", "it does not begin as an idx file does");
    }
    Element element =
        switch (head[2]) {
          case 0x08 -> Element.UINT8;
          case 0x09 -> Element.INT8;
          case 0x0d -> Element.FLOAT32;
          case 0x0e -> Element.FLOAT64;
          default -> throw new FormatException(in.name(), "byte 2", "values of type " + head[2]);
        };
    byte[] sides = new byte[4 * head[3]];
    if (in.fill(sides) < sides.length) {
      throw new FormatException(in.name(), "byte 4", "the file ends inside its header");
    }
    ByteBuffer buffer = ByteBuffer.wrap(sides);
    long rowCount = buffer.getInt();
    long width = 1;
    while (buffer.hasRemaining()) {
      width *= Math.max(0, Math.min(buffer.getInt(), 1 << 20));
    }
    return new FixedRows(in, element, ByteOrder.BIG_ENDIAN, rowCount, width, head[3] == 1);
  }

  /// Reads the header of a bin file: number of rows and values of each, uint32, little-endian.
  static FixedRows bin(FileInput in, Element element) throws IOException {
    byte[] head = new byte[8];
    if (in.fill(head) < head.length) {
      throw new FormatException(in.name(), "byte 0", "the file ends inside its header");
    }
    ByteBuffer sides = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    long rowCount = Integer.toUnsignedLong(sides.getInt());
    long width = Integer.toUnsignedLong(sides.getInt());
    return new FixedRows(in, element, ByteOrder.LITTLE_ENDIAN, rowCount, width, false);
  }

  @Override
  public Optional<Row> next() throws IOException {
    if (next == rowCount) {
      requireEnd();
      return Optional.empty();
    }
    int read = in.fill(row);
    if (read < row.length) {
      throw new FormatException(
          in.name(),
          "row " + next,
          "the file ends here, its header promises " + rowCount + " rows");
    }
    float[] values = element.read(ByteBuffer.wrap(row).order(order), width);
    long number = next++;
    if (isLabels) {
      return Optional.of(label(number, values[0]));
    }
    return Optional.of(
        new Row(
            number, number + 1, Optional.empty(), values, Payload.empty(), Vectors.check(values)));
  }

  private Row label(long number, float value) {
    if (!Float.isFinite(value)) {
      return Row.rejected(number, number + 1, "label is " + value + ", must be finite");
    }
    boolean isWhole = element == Element.UINT8 || element == Element.INT8;
    Payload label = Payload.of(Map.of("label", isWhole ? (Object) (long) value : (double) value));
    return new Row(number, number + 1, Optional.empty(), null, label, Optional.empty());
  }

  /// Also has a packed file's checksum verified.
  private void requireEnd() throws IOException {
    if (in.fill(new byte[1]) > 0) {
      throw new FormatException(
          in.name(), "row " + next, "the file goes on, its header promises " + rowCount + " rows");
    }
  }

  @Override
  public String file() {
    return in.name();
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
    in.close();
  }
}
