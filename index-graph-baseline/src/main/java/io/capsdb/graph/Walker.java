package io.capsdb.graph;

import java.util.Arrays;
import java.util.function.IntPredicate;

/// Walks over one level of a graph towards a query, and keeps the nearest rows that it met. Holds
/// what walks need again and again; not for more than one thread.
final class Walker {
  /// So many rows that do not match are gone through from one row, at most, for each link of it.
  private static final int BRIDGES_FOR_LINK = 32;

  /// Fewer matches than this part of the links that a row can have are too few to go on with.
  private static final int FEW_SHARE = 4;

  private final Space space;
  private final Frontier frontier = new Frontier();
  private final Beam beam = new Beam();
  private final int[] links;
  private final int[] nextLinks;
  private final int[] bridges;
  private final int[] places;
  private final int[] ordinals;
  private final float[] distances;
  private long[] visited = new long[0];
  private long scored;

  /// Rows that the last walk stepped on from, as far as a caller asks for them.
  private long[] expanded = new long[64];

  private int expandedCount;

  /// @param mostLinks that a row has on any level
  Walker(Space space, int mostLinks) {
    this.space = space;
    this.links = new int[mostLinks];
    this.nextLinks = new int[mostLinks];
    this.bridges = new int[BRIDGES_FOR_LINK * mostLinks];
    // Steps through rows that do not match end once as many rows were found as one step can find;
    // the last of them may add one list more.
    this.places = new int[2 * mostLinks + 1];
    this.ordinals = new int[places.length];
    this.distances = new float[places.length];
  }

  /// The keys of the rows that the last walk went through, in the order in which it did.
  long[] expanded() {
    return Arrays.copyOf(expanded, expandedCount);
  }

  /// Rows scored since the last call.
  long takeScored() {
    long taken = scored;
    scored = 0;
    return taken;
  }

  /// The row of the lowest level from which to walk.
  int descend(GraphLayout layout, Space.Origin query) {
    int place = layout.start();
    for (int i = layout.levels().size() - 1; i > 0; i--) {
      Level level = layout.levels().get(i);
      place = level.down()[nearest(level, query, place)];
    }
    return place;
  }

  /// The place of the row that no neighbour is nearer than.
  int nearest(Level level, Space.Origin query, int from) {
    places[0] = from;
    score(level, query, 1);
    long best = Keys.of(distances[0], from);
    while (true) {
      int count = level.links().read(Keys.row(best), links);
      System.arraycopy(links, 0, places, 0, count);
      score(level, query, count);
      long before = best;
      for (int i = 0; i < count; i++) {
        best = Math.min(best, Keys.of(distances[i], places[i]));
      }
      if (best == before) {
        return Keys.row(best);
      }
    }
  }

  /// Walks over all rows from one of them on, and keeps the nearest.
  ///
  /// @param width how many are kept
  /// @return what was found, by place; valid until the next walk
  Beam walk(Level level, Space.Origin query, int from, int width) {
    begin(level, query, from, width);
    beam.add(Keys.of(distances[0], from));
    while (!frontier.isEmpty()) {
      long next = frontier.takeFirst();
      if (next > beam.bound()) {
        break;
      }
      note(next);
      int count = step(level, query, Keys.row(next));
      for (int i = 0; i < count; i++) {
        long key = Keys.of(distances[i], places[i]);
        if (key < beam.bound()) {
          frontier.add(key);
          beam.add(key);
        }
      }
    }
    return beam;
  }

  /// Walks over all rows of the lowest level, and keeps the nearest that match.
  Beam walkInline(Level level, Space.Origin query, int from, int width, RowFilter filter) {
    begin(level, query, from, width);
    if (filter.admits(from)) {
      beam.add(Keys.of(distances[0], from));
    }
    while (!frontier.isEmpty()) {
      long next = frontier.takeFirst();
      if (next > beam.bound()) {
        break;
      }
      int count = step(level, query, Keys.row(next));
      for (int i = 0; i < count; i++) {
        long key = Keys.of(distances[i], places[i]);
        if (key < beam.bound()) {
          frontier.add(key);
          if (filter.admits(places[i])) {
            beam.add(key);
          }
        }
      }
    }
    return beam;
  }

  /// Walks over matching rows of the lowest level only, two steps at a time where their neighbours
  /// do not match.
  ///
  /// @param isExtended whether it takes more steps where two lead nowhere
  Beam walkOverMatches(
      Level level, Space.Origin query, int from, int width, RowFilter filter, boolean isExtended) {
    begin(level, query, from, width);
    if (filter.admits(from)) {
      beam.add(Keys.of(distances[0], from));
    }
    while (!frontier.isEmpty()) {
      long next = frontier.takeFirst();
      if (next > beam.bound()) {
        break;
      }
      int row = Keys.row(next);
      int count =
          isExtended ? matchesAround(level, row, filter) : matchesInTwoSteps(level, row, filter);
      score(level, query, count);
      for (int i = 0; i < count; i++) {
        long key = Keys.of(distances[i], places[i]);
        if (key < beam.bound()) {
          frontier.add(key);
          beam.add(key);
        }
      }
    }
    return beam;
  }

  /// Walks over the rows of the lowest level that are within bounds, from some of them on, and
  /// keeps the nearest that match.
  ///
  /// @param starts at least one, each within bounds
  Beam walkWithin(
      Level level,
      Space.Origin query,
      int[] starts,
      int width,
      IntPredicate bounds,
      IntPredicate filter) {
    begin(level, query, starts[0], width);
    if (filter.test(starts[0])) {
      beam.add(Keys.of(distances[0], starts[0]));
    }
    for (int i = 1; i < starts.length; i++) {
      if (isNew(starts[i])) {
        places[0] = starts[i];
        score(level, query, 1);
        long key = Keys.of(distances[0], starts[i]);
        frontier.add(key);
        if (filter.test(starts[i])) {
          beam.add(key);
        }
      }
    }
    while (!frontier.isEmpty()) {
      long next = frontier.takeFirst();
      if (next > beam.bound()) {
        break;
      }
      note(next);
      int linkCount = level.links().read(Keys.row(next), links);
      int count = 0;
      for (int i = 0; i < linkCount; i++) {
        if (isNew(links[i]) && bounds.test(links[i])) {
          places[count++] = links[i];
        }
      }
      score(level, query, count);
      for (int i = 0; i < count; i++) {
        long key = Keys.of(distances[i], places[i]);
        if (key < beam.bound()) {
          frontier.add(key);
          if (filter.test(places[i])) {
            beam.add(key);
          }
        }
      }
    }
    return beam;
  }

  private void note(long key) {
    if (expandedCount == expanded.length) {
      expanded = Arrays.copyOf(expanded, 2 * expandedCount);
    }
    expanded[expandedCount++] = key;
  }

  private void begin(Level level, Space.Origin query, int from, int width) {
    int words = (level.size() + 63) >>> 6;
    if (visited.length < words) {
      visited = new long[words];
    } else {
      Arrays.fill(visited, 0, words, 0);
    }
    frontier.clear();
    expandedCount = 0;
    beam.begin(width);
    isNew(from);
    places[0] = from;
    score(level, query, 1);
    frontier.add(Keys.of(distances[0], from));
  }

  /// Scores the neighbours of a row that were not met before; answers how many.
  private int step(Level level, Space.Origin query, int row) {
    int linkCount = level.links().read(row, links);
    int count = 0;
    for (int i = 0; i < linkCount; i++) {
      places[count] = links[i];
      count += isNew(links[i]) ? 1 : 0;
    }
    score(level, query, count);
    return count;
  }

  /// Collects matching rows, which were not met before, one or two steps from a row: no more than
  /// about as many as a row has neighbours. Where two steps bring hardly any, because few rows
  /// match, it goes on until they are some: otherwise a walk would end inside a small group of
  /// matches. Each row that does not match is gone through once.
  private int matchesAround(Level level, int row, RowFilter filter) {
    int most = level.links().most();
    int linkCount = level.links().read(row, links);
    int count = 0;
    int bridgeCount = 0;
    for (int i = 0; i < linkCount; i++) {
      int near = links[i];
      if (!isVisited(near)) {
        if (filter.admits(near)) {
          isNew(near);
          places[count++] = near;
        } else {
          bridges[bridgeCount++] = near;
        }
      }
    }
    int near = bridgeCount;
    for (int i = 0; i < bridgeCount && count < (i < near ? most : most / FEW_SHARE); i++) {
      // Another row may have led here before; what it did not get to is still open.
      if (!isNew(bridges[i])) {
        continue;
      }
      int nextCount = level.links().read(bridges[i], nextLinks);
      for (int j = 0; j < nextCount; j++) {
        int far = nextLinks[j];
        if (!isVisited(far)) {
          if (filter.admits(far)) {
            isNew(far);
            places[count++] = far;
          } else if (bridgeCount < bridges.length) {
            bridges[bridgeCount++] = far;
          }
        }
      }
    }
    return count;
  }

  /// Collects matching rows, which were not met before, one or two steps from a row: no more than
  /// about as many as a row has neighbours, as ACORN-1 does.
  private int matchesInTwoSteps(Level level, int row, RowFilter filter) {
    int most = level.links().most();
    int linkCount = level.links().read(row, links);
    int count = 0;
    int bridgeCount = 0;
    for (int i = 0; i < linkCount; i++) {
      if (!filter.admits(links[i])) {
        bridges[bridgeCount++] = links[i];
      } else if (isNew(links[i])) {
        places[count++] = links[i];
      }
    }
    for (int i = 0; i < bridgeCount && count < most; i++) {
      int nextCount = level.links().read(bridges[i], nextLinks);
      for (int j = 0; j < nextCount; j++) {
        if (!isVisited(nextLinks[j]) && filter.admits(nextLinks[j])) {
          isNew(nextLinks[j]);
          places[count++] = nextLinks[j];
        }
      }
    }
    return count;
  }

  private boolean isVisited(int place) {
    return (visited[place >>> 6] & (1L << place)) != 0;
  }

  /// Whether a row was not met before; it is from now on.
  private boolean isNew(int place) {
    long bit = 1L << place;
    int word = place >>> 6;
    boolean isNew = (visited[word] & bit) == 0;
    visited[word] |= bit;
    return isNew;
  }

  private void score(Level level, Space.Origin query, int count) {
    if (level.ordinals().length == 0) {
      space.distances(query, places, count, distances);
    } else {
      for (int i = 0; i < count; i++) {
        ordinals[i] = level.ordinal(places[i]);
      }
      space.distances(query, ordinals, count, distances);
    }
    scored += count;
  }
}
