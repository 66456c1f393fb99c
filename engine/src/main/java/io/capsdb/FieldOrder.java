package io.capsdb;

import java.util.OptionalDouble;

/// The order of a field.
///
/// @param field its path
/// @param isDescending whether large values come first
/// @param start the value at which to begin; date-times as microseconds since 1970
public record FieldOrder(String field, boolean isDescending, OptionalDouble start) {}
