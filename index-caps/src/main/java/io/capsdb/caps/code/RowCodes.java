package io.capsdb.caps.code;

import io.capsdb.index.CostModel;
import io.capsdb.index.QueryMemo;
import java.util.Optional;

/// The codes of the rows of one index part, opened, and those of its centroids.
///
/// Immutable and safe for use by many threads; what they were opened on stays open as long as they
/// are used.
public sealed interface RowCodes permits BinaryCodes, ByteCodes {
  /// The form in a word, as [Quantizer#name] answers it.
  String name();

  /// Codes a query that is asked of these codes alone.
  default CodedQuery query(float[] query, float confidence) {
    return query(query, confidence, new QueryMemo());
  }

  /// Codes a query, which is compared with the rows of all partitions in that form.
  ///
  /// @param query in the space of the centroids
  /// @param confidence standard deviations of the estimate's error by which a bound is lower than
  ///     the estimate, at least 0, finite
  /// @param memo of the search; codes in equal frames share one code of the query
  CodedQuery query(float[] query, float confidence, QueryMemo memo);

  /// Begins putting rows in order by their codes alone; empty where they cannot, as for
  /// huge values.
  ///
  /// @param query in the space of the centroids
  default Optional<RowRanking> ranking(float[] query, QueryMemo memo) {
    CodedQuery code = query(query, 0, memo);
    return code.isUsable()
        ? Optional.of(new EstimateRanking(code, new Candidates()))
        : Optional.empty();
  }

  /// Whether rows can be scored one by one.
  boolean hasRecords();

  /// About how many nanoseconds it takes to score a row by its record; only where [#hasRecords].
  double recordNanos(CostModel costs);

  /// About how many nanoseconds it takes to score a row of a scanned partition.
  double scanNanos(CostModel costs);
}
