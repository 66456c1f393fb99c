package io.capsdb;

import java.util.List;

/// What searches lately asked of a collection, how its index fits that, and what could be better.
///
/// @param filtersSeen filters that this was found from, of late searches
/// @param fields that they test, most tested first
/// @param partitions of the sealed points, by vector
/// @param targets what some recalls cost, by vector, rising
/// @param suggestions in words; none where nothing is amiss
public record Advice(
    int filtersSeen,
    List<Field> fields,
    List<Partitions> partitions,
    List<Target> targets,
    List<String> suggestions) {

  /// @param path as `FieldPath.canonical` writes it
  /// @param filters that test it
  /// @param isDeclared whether it is declared as a payload field
  /// @param unindexed sealed points whose payload has to be read to decide about it
  public record Field(String path, int filters, boolean isDeclared, long unindexed) {}

  /// @param vector its name
  /// @param segments that have partitions of it
  /// @param count of partitions with a row at least
  /// @param largest rows of the largest
  /// @param mean rows of one
  public record Partitions(String vector, int segments, int count, int largest, double mean) {
    /// Times the mean from which on a partition is too large for the others.
    private static final double SKEWED = 4;

    public boolean isSkewed() {
      return largest > SKEWED * mean;
    }
  }

  /// What a recall costs, on average of some searches for 10 hits without a filter that stored
  /// vectors were the queries of. How far such a search goes was measured when the index was built.
  ///
  /// @param vector its name
  /// @param recall that is asked for
  /// @param probes partitions visited
  /// @param scanned distances estimated or computed
  public record Target(String vector, double recall, double probes, double scanned) {}

  public Advice {
    targets = List.copyOf(targets);
    fields = List.copyOf(fields);
    partitions = List.copyOf(partitions);
    suggestions = List.copyOf(suggestions);
  }
}
