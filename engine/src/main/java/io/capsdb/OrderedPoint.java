package io.capsdb;

/// A point, with the value by which it was ordered.
///
/// @param value a `Long` or a `Double`; of a date-time, the microseconds since 1970
public record OrderedPoint(StoredPoint point, Number value) {}
