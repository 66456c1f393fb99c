package io.capsdb.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One file of a form (`multipart/form-data`), read while the form comes, in a bounded buffer.
/// Other fields are passed over. The end of the file is reported only once the form has come to
/// its own end, so that a form which is cut is never taken for a whole one.
///
/// Reading throws a [Problem] where the form is malformed or has no such file.
final class FormFile extends InputStream {
  private static final int BUFFER = 64 << 10;
  private static final int MAX_LINE = 1_024;
  private static final int MAX_HEADER_LINES = 16;
  private static final int MAX_FIELDS = 64;
  private static final String TOKEN = "\"?([A-Za-z0-9'()+_,./:=? -]{1,70}?)\"?";
  private static final Pattern BOUNDARY =
      Pattern.compile("(?i)multipart/form-data\\s*;(?:.*;)?\\s*boundary=" + TOKEN + "\\s*(?:;.*)?");
  private static final Pattern NAME =
      Pattern.compile(
          "(?i)content-disposition:\\s*form-data\\s*;(?:.*;)?\\s*name=\"?([^\";]*)\"?.*");

  private final InputStream in;
  private final String field;
  private final byte[] mark;
  private final byte[] buffer = new byte[BUFFER];
  private int from;
  private int to;
  private boolean isInside;
  private boolean isEnded;

  private FormFile(InputStream in, String boundary, String field) {
    this.in = in;
    this.field = field;
    this.mark = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    // The first boundary may stand at the very beginning, without a new line before it.
    buffer[0] = '\r';
    buffer[1] = '\n';
    this.to = 2;
  }

  /// @param in the whole form
  /// @param contentType of the request
  /// @param field name of the file's field
  /// @throws Problem 415 if the body is no form
  static FormFile of(InputStream in, Optional<String> contentType, String field) {
    Matcher matcher = BOUNDARY.matcher(contentType.orElse(""));
    if (!matcher.matches()) {
      throw new Problem(415, "Content-Type: must be multipart/form-data with a boundary");
    }
    return new FormFile(in, matcher.group(1), field);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int at, int length) throws IOException {
    Objects.checkFromIndexSize(at, length, into.length);
    if (length == 0) {
      return 0;
    }
    if (isEnded) {
      return -1;
    }
    if (!isInside) {
      findFile();
      isInside = true;
    }
    int count = content();
    if (count == 0) {
      passOthers();
      isEnded = true;
      return -1;
    }
    int taken = Math.min(count, length);
    System.arraycopy(buffer, from, into, at, taken);
    from += taken;
    return taken;
  }

  private void findFile() throws IOException {
    passContent();
    for (int fields = 0; fields < MAX_FIELDS; fields++) {
      if (isClosed()) {
        throw Problem.format("form", "it has no file '" + field + "'");
      }
      if (readName().equals(field)) {
        return;
      }
      passContent();
    }
    throw Problem.format("form", "it has more than " + MAX_FIELDS + " fields");
  }

  private void passOthers() throws IOException {
    from += mark.length;
    for (int fields = 0; fields < MAX_FIELDS; fields++) {
      if (isClosed()) {
        while (fill(1)) {
          from = to; // what follows the form means nothing
        }
        return;
      }
      readName();
      passContent();
    }
    throw Problem.format("form", "it has more than " + MAX_FIELDS + " fields");
  }

  /// Goes behind the next boundary.
  private void passContent() throws IOException {
    for (int count = content(); count > 0; count = content()) {
      from += count;
    }
    from += mark.length;
  }

  /// Bytes in the buffer that come before the next boundary; 0 at the boundary.
  private int content() throws IOException {
    while (true) {
      int end = from;
      while (end < to && !mayBegin(end)) {
        end++;
      }
      if (end > from) {
        return end - from;
      }
      if (to - from >= mark.length) {
        return 0;
      }
      if (!fill(to - from + 1)) {
        throw Problem.format("form", "it ends before its last boundary");
      }
    }
  }

  /// Whether a boundary begins here, as far as it has come.
  private boolean mayBegin(int at) {
    int known = Math.min(mark.length, to - at);
    return buffer[at] == '\r' && Arrays.equals(buffer, at, at + known, mark, 0, known);
  }

  /// Whether the boundary just passed is the last one; goes behind its line otherwise.
  private boolean isClosed() throws IOException {
    if (!fill(2)) {
      throw Problem.format("form", "it ends within a boundary");
    }
    if (buffer[from] == '-' && buffer[from + 1] == '-') {
      return true;
    }
    if (!readLine().isBlank()) {
      throw Problem.format("form", "a boundary has something behind it");
    }
    return false;
  }

  /// Reads the header of a field; answers the field's name.
  private String readName() throws IOException {
    String name = "";
    int lines = 0;
    for (String line = readLine(); !line.isEmpty(); line = readLine()) {
      if (++lines > MAX_HEADER_LINES) {
        throw Problem.format("form", "a field has more than " + MAX_HEADER_LINES + " headers");
      }
      Matcher matcher = NAME.matcher(line);
      if (matcher.matches()) {
        name = matcher.group(1);
      }
    }
    return name;
  }

  private String readLine() throws IOException {
    for (int length = 0; length < MAX_LINE; length++) {
      if (!fill(length + 2)) {
        throw Problem.format("form", "it ends within a header");
      }
      if (buffer[from + length] == '\r' && buffer[from + length + 1] == '\n') {
        String line = new String(buffer, from, length, StandardCharsets.UTF_8);
        from += length + 2;
        return line;
      }
    }
    throw Problem.format("form", "a line of its headers is too long");
  }

  /// Has at least so many bytes in the buffer; false where the form ends before.
  private boolean fill(int count) throws IOException {
    if (to - from < count && from > 0) {
      System.arraycopy(buffer, from, buffer, 0, to - from);
      to -= from;
      from = 0;
    }
    while (to - from < count) {
      int read = in.read(buffer, to, buffer.length - to);
      if (read < 0) {
        return false;
      }
      to += read;
    }
    return true;
  }
}
