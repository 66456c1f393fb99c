package io.capsdb.filter;

/// A filter that is above a bound of [FilterLimits].
public final class FilterTooLargeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  FilterTooLargeException(String message) {
    super(message);
  }
}
