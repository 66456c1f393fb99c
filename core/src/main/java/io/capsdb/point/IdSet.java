package io.capsdb.point;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.roaringbitmap.RoaringBitmap;

/// A set of ids, small where they are dense: numbers below 2^32 stand in a bitmap, so that a
/// million of them take some hundred kilobytes and are tested by one look-up each.
///
/// Immutable; equality is that of the ids.
public final class IdSet {
  private static final long OTHER_BYTES = 100;

  private static final IdSet EMPTY = new IdSet(new RoaringBitmap(), Set.of());

  private final RoaringBitmap small;
  private final Set<PointId> others;

  /// 0 until it was asked for; equal wherever it is reckoned, so threads may race.
  private int hash;

  private IdSet(RoaringBitmap small, Set<PointId> others) {
    this.small = small;
    this.others = others;
  }

  public static IdSet empty() {
    return EMPTY;
  }

  public static IdSet of(Collection<PointId> ids) {
    RoaringBitmap small = new RoaringBitmap();
    Set<PointId> others = new HashSet<>();
    for (PointId id : ids) {
      if (isSmall(id)) {
        small.add((int) ((PointId.Numeric) id).value());
      } else {
        others.add(id);
      }
    }
    return new IdSet(small, others);
  }

  /// The numbers of a bitmap, read as unsigned 32-bit. It is copied.
  public static IdSet of(RoaringBitmap numbers) {
    return new IdSet(numbers.clone(), Set.of());
  }

  private static boolean isSmall(PointId id) {
    return id instanceof PointId.Numeric(long value) && value >>> 32 == 0;
  }

  public boolean contains(PointId id) {
    return isSmall(id) ? small.contains((int) ((PointId.Numeric) id).value()) : others.contains(id);
  }

  public boolean isEmpty() {
    return small.isEmpty() && others.isEmpty();
  }

  public long count() {
    return small.getLongCardinality() + others.size();
  }

  /// A copy of the numbers below 2^32.
  public RoaringBitmap numbers() {
    return small.clone();
  }

  /// All ids but those numbers.
  public Set<PointId> others() {
    return Set.copyOf(others);
  }

  /// About how many bytes of memory the ids take.
  public long bytes() {
    return small.getLongSizeInBytes() + OTHER_BYTES * others.size();
  }

  /// The ids in one of the two sets.
  public IdSet or(IdSet other) {
    Set<PointId> union = new HashSet<>(others);
    union.addAll(other.others);
    return new IdSet(RoaringBitmap.or(small, other.small), union);
  }

  /// Tells the ids one after the other, in no order.
  public void forEach(java.util.function.Consumer<PointId> each) {
    small.forEach((int number) -> each.accept(PointId.of(Integer.toUnsignedLong(number))));
    others.forEach(each);
  }

  @Override
  public boolean equals(Object other) {
    return other == this
        || (other instanceof IdSet set && small.equals(set.small) && others.equals(set.others));
  }

  /// Reckoned once: a set of a million ids is asked for it by each search.
  @Override
  public int hashCode() {
    int known = hash;
    if (known == 0) {
      known = 31 * small.hashCode() + others.hashCode();
      hash = known;
    }
    return known;
  }

  @Override
  public String toString() {
    return count() + " ids";
  }
}
