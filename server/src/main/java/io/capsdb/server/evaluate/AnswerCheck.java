package io.capsdb.server.evaluate;

import io.capsdb.Collection;
import io.capsdb.Hit;
import io.capsdb.StoredPoint;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.point.PointId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Holds hits against the right answer.
final class AnswerCheck {
  private final Collection collection;
  private final boolean isHigherNearer;

  AnswerCheck(Collection collection, boolean isHigherNearer) {
    this.collection = collection;
    this.isHigherNearer = isHigherNearer;
  }

  /// Share of the right hits that were found. One at the distance of the last right hit is as good
  /// as it; the same one counts once.
  double recall(List<Hit> hits, Truth.Answer right) {
    if (right.possible() == 0) {
      return 1;
    }
    Set<PointId> found = new HashSet<>();
    for (Hit hit : hits) {
      if (right.ids().contains(hit.id()) || right.isTie(hit.score())) {
        found.add(hit.id());
      }
    }
    return Math.min(1, (double) found.size() / right.possible());
  }

  /// Hits that cannot be: those that do not match, more than match, nearer than the last right one
  /// and not among them, the same one twice, one nearer than the one before.
  int wrong(List<Hit> hits, Truth.Answer right, FilterEvaluator filter) {
    if (right.possible() == 0) {
      return hits.size();
    }
    Set<PointId> seen = new HashSet<>();
    int wrong = Math.max(0, hits.size() - right.possible());
    float last = right.scores()[right.possible() - 1];
    float before = last;
    for (int i = 0; i < hits.size(); i++) {
      Hit hit = hits.get(i);
      boolean isRight = right.ids().contains(hit.id());
      boolean isPossible = isRight || right.isTie(hit.score()) || !isNearer(hit.score(), last);
      boolean isInOrder = i == 0 || !isNearer(hit.score(), before);
      before = hit.score();
      boolean isSound = isPossible && isInOrder && (isRight || matches(hit.id(), filter));
      wrong += seen.add(hit.id()) && isSound ? 0 : 1;
    }
    return wrong;
  }

  private boolean matches(PointId id, FilterEvaluator filter) {
    Optional<StoredPoint> point = collection.get(id);
    return point.isPresent() && filter.matches(point.get());
  }

  private boolean isNearer(float score, float other) {
    return isHigherNearer ? score > other : score < other;
  }
}
