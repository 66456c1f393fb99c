package io.capsdb.io;

import java.io.IOException;

/// A disk has no room for what is to be written, known before anything is. The message tells of
/// bytes and names no place.
public final class NoRoomException extends IOException {
  private static final long serialVersionUID = 1L;

  public NoRoomException(String message) {
    super(message);
  }
}
