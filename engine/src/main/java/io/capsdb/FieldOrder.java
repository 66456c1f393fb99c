package io.capsdb;

import java.util.Optional;

/// The order of a field.
///
/// @param field its path
/// @param isDescending whether large values come first
/// @param start the value at which to begin, a `Long` or a `Double`; date-times as microseconds
///     since 1970
public record FieldOrder(String field, boolean isDescending, Optional<Number> start) {}
