package io.capsdb;

import io.capsdb.point.Payload;
import java.util.function.UnaryOperator;

/// Makes the new payloads of rows.
///
/// @param change from the payload that a row has
/// @param isOfOld whether that one counts; where it does not, it is not read
record NewPayload(UnaryOperator<Payload> change, boolean isOfOld) {
  static NewPayload of(UnaryOperator<Payload> change) {
    return new NewPayload(change, true);
  }

  static NewPayload of(PayloadChange change) {
    boolean isWhole =
        change instanceof PayloadChange.Overwrite || change instanceof PayloadChange.Clear;
    return new NewPayload(change::apply, !isWhole);
  }

  /// The new payload of a row.
  Payload of(SegmentView view, int row) {
    return change.apply(isOfOld ? view.payload(row) : Payload.empty());
  }
}
