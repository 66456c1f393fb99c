package io.capsdb.index;

/// How an index orders rows that lie together anyway, such as those of one partition: a filter is
/// cheap where the rows that it selects are neighbours.
public enum RowOrder {
  /// As they come.
  NONE,
  /// By the values that most of them have (CAPS, section 1.2).
  FREQUENCY,
  /// By the fields that spare the most reading under the filters seen so far; by frequency where
  /// that spares more, and where no filter was seen.
  GAIN
}
