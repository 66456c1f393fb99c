package io.capsdb;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/// Draws matching rows by chance, each with the same.
final class Sampler {
  private Sampler() {}

  static List<Found> draw(
      SegmentSet set,
      RowMatcher matcher,
      int limit,
      RandomGenerator random,
      Cancellation cancellation) {
    List<Found> drawn = new ArrayList<>();
    long[] seen = {0};
    for (SegmentView view : set.views()) {
      matcher
          .rows(view, cancellation)
          .forEach(
              (int row) -> {
                cancellation.passRow();
                seen[0]++;
                if (drawn.size() < limit) {
                  drawn.add(new Found(view, row));
                } else {
                  long place = random.nextLong(seen[0]);
                  if (place < limit) {
                    drawn.set((int) place, new Found(view, row));
                  }
                }
              });
    }
    Collections.shuffle(drawn, Random.from(random));
    return drawn;
  }
}
