package io.capsdb.io;

/// Bytes that were read are not what was written: a checksum differs, a length leads outside, a
/// value cannot be.
public final class CorruptFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final long offset;

  /// @param file the file, as the reader names it
  /// @param offset byte in the file at which the damage was noticed
  public CorruptFileException(String file, long offset, String message) {
    super(file + " is damaged at byte " + offset + ": " + message);
    this.file = file;
    this.offset = offset;
  }

  public String file() {
    return file;
  }

  public long offset() {
    return offset;
  }
}
