package io.capsdb.attribute;

import org.roaringbitmap.RoaringBitmap;

/// Ordinals that follow one another: where the rows of a filter lie, at most.
///
/// @param from first ordinal
/// @param to one more than the last ordinal; not above `from` where there are none
public record OrdinalRange(int from, int to) {
  /// Nothing is known.
  static final OrdinalRange ALL = new OrdinalRange(0, Integer.MAX_VALUE);

  static final OrdinalRange NONE = new OrdinalRange(0, 0);

  /// From the first to the last member.
  static OrdinalRange of(RoaringBitmap bitmap) {
    return bitmap.isEmpty() ? NONE : new OrdinalRange(bitmap.first(), bitmap.last() + 1);
  }

  public boolean isEmpty() {
    return from >= to;
  }

  /// Whether all of another one is in this one.
  public boolean contains(OrdinalRange other) {
    return other.isEmpty() || (from <= other.from && other.to <= to);
  }

  OrdinalRange and(OrdinalRange other) {
    OrdinalRange both = new OrdinalRange(Math.max(from, other.from), Math.min(to, other.to));
    return both.isEmpty() ? NONE : both;
  }

  /// From the first of both to the last of both.
  OrdinalRange or(OrdinalRange other) {
    if (isEmpty() || other.isEmpty()) {
      return isEmpty() ? other : this;
    }
    return new OrdinalRange(Math.min(from, other.from), Math.max(to, other.to));
  }
}
