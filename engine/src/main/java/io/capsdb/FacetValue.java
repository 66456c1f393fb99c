package io.capsdb;

/// How many points hold a value.
///
/// @param value a `String`, a `Long` or a `Boolean`
public record FacetValue(Object value, long count) {}
