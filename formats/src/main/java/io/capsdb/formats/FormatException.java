package io.capsdb.formats;

import java.io.IOException;

/// A file that is not of its format: cut off, an impossible header, rows that do not fit.
public final class FormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /// @param place where in the file, for example `line 7` or `row 3`
  public FormatException(String file, String place, String message) {
    super(file + ", " + place + ": " + message);
  }
}
