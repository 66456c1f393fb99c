package io.capsdb.server.command;

import java.io.PrintStream;

/// Where a command writes, and what can be shown there.
///
/// @param isTerminal whether a person looks at it, so that a line can be drawn over
/// @param isColourful whether 256 colours can be shown
public record Screen(PrintStream out, PrintStream err, boolean isTerminal, boolean isColourful) {
  /// Whether the output can show this text.
  boolean canShow(String text) {
    return out.charset().newEncoder().canEncode(text);
  }

  /// The first text if the output can show it, otherwise the second.
  String show(String wanted, String plain) {
    return canShow(wanted) ? wanted : plain;
  }
}
