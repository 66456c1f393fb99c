package io.capsdb.caps;

import io.capsdb.attribute.Selection;
import io.capsdb.caps.code.Candidates;
import io.capsdb.caps.code.CodedQuery;
import io.capsdb.caps.code.ListScan;
import io.capsdb.index.RowSink;
import io.capsdb.vector.Kernels;
import java.util.Arrays;
import java.util.Optional;

/// Scores rows by their codes, and reads the vectors of those only whose lower bound leaves them a
/// chance to become a hit: best first, in batches, so that the radius falls quickly.
///
/// Documents are read first, where a filter needs it: what is scored and counted is the same for
/// every filter that means the same.
final class CodeScorer implements PartitionScorer {
  /// Waiting candidates from which on some are scored in full.
  private static final int ENOUGH = 32;

  /// Rows of a first batch; at least as many as there are hits wanted.
  private static final int LEAST_BATCH = 24;

  private static final int MOST_BATCH = 40;

  /// Rows of a list that are scored before candidates are looked at.
  private static final int LIST_BATCH = 1_024;

  /// So few matching rows of a partition are read at once: their codes take as many cache lines.
  private static final int READ_AT_ONCE = 2;

  /// The bound of a row that may be as near as can be: below that of a row at the query.
  private static final float NEAREST = -Float.MIN_NORMAL;

  private final CapsIndex index;
  private final float[] query;
  private final CodedQuery code;
  private final Selection selection;
  private final Optional<ListedRows> listed;
  private final Selection.RangeTest rangeTest;
  private final boolean isAll;
  private final boolean isExact;
  private final float shift;
  private final Candidates candidates = Candidates.borrow();
  private long[] mask = new long[32];
  private int[] batch = new int[Candidates.room(MOST_BATCH)];
  private float[] distances = new float[MOST_BATCH];

  /// @param query prepared by the metric
  /// @param code the query in the space of the partitions, coded
  CodeScorer(CapsIndex index, float[] query, CodedQuery code, Selection selection) {
    this(index, query, code, selection, Optional.empty());
  }

  /// @param listed the rows of the selection, where they are known and need no documents
  CodeScorer(
      CapsIndex index,
      float[] query,
      CodedQuery code,
      Selection selection,
      Optional<ListedRows> listed) {
    this.listed = listed;
    this.index = index;
    this.query = query;
    this.code = code;
    this.selection = selection;
    this.rangeTest = selection.rangeTest();
    this.isAll = selection.isAll();
    this.isExact = selection.isExact();
    this.shift = index.layout().space().shift(query);
  }

  @Override
  public int score(int partition, float distance, RowSink sink) {
    float limit = limit(sink);
    int rowCount = index.layout().rowCount(partition);
    int matching = rowCount;
    if (isAll) {
      code.scan(partition, distance, limit, null, candidates);
    } else {
      int from = index.layout().partitionStart()[partition];
      int words = (matching + 63) >>> 6;
      if (words > mask.length) {
        mask = new long[words];
      }
      matching = fill(partition, from, matching, words, sink);
      if (matching > READ_AT_ONCE) {
        code.scan(partition, distance, limit, matching == rowCount ? null : mask, candidates);
      } else if (matching > 0) {
        addAll(from, words);
      }
    }
    sink.scored(matching);
    if (candidates.count() >= ENOUGH) {
      flush(ENOUGH, sink);
    }
    return matching;
  }

  /// Marks the rows of a partition that match; answers how many they are.
  private int fill(int partition, int from, int rowCount, int words, RowSink sink) {
    if (listed.isPresent()) {
      Arrays.fill(mask, 0, words, 0);
      listed.get().fill(partition, from, mask);
      return listed.get().count(partition);
    }
    int matching = rangeTest.fill(from, from + rowCount, mask);
    return isExact ? matching : verify(from, words, sink);
  }

  /// Adds the marked rows, as near as can be.
  private void addAll(int from, int words) {
    candidates.reserve(READ_AT_ONCE);
    for (int word = 0; word < words; word++) {
      for (long bits = mask[word]; bits != 0; bits &= bits - 1) {
        candidates.add(from + (word << 6) + Long.numberOfTrailingZeros(bits), NEAREST);
      }
    }
  }

  /// Scores rows of any partition; only where the codes have records.
  ///
  /// @param centroidDistances in the space of the partitions
  void scoreList(int[] possible, float[] centroidDistances, RowSink sink) {
    int[] ordinals = isExact ? possible : matching(possible, sink);
    ListScan scan = code.list(centroidDistances);
    for (int from = 0; from < ordinals.length; from += LIST_BATCH) {
      int count = Math.min(LIST_BATCH, ordinals.length - from);
      scan.score(ordinals, from, count, candidates);
      sink.scored(count);
      flush(ENOUGH, sink);
    }
  }

  private int[] matching(int[] possible, RowSink sink) {
    int[] ordinals = new int[possible.length];
    int count = 0;
    for (int ordinal : possible) {
      if (isMatch(ordinal, sink)) {
        ordinals[count++] = ordinal;
      }
    }
    return Arrays.copyOf(ordinals, count);
  }

  @Override
  public void finish(RowSink sink) {
    flush(1, sink);
    candidates.giveBack();
  }

  private float limit(RowSink sink) {
    float radius = sink.radius();
    return Float.isFinite(radius)
        ? index.layout().space().toSpace(radius, shift)
        : Float.POSITIVE_INFINITY;
  }

  /// Scores candidates in full, until less than `enough` are left that have a chance.
  private void flush(int enough, RowSink sink) {
    int wanted = sink.capacity();
    int least = Math.max(LEAST_BATCH, wanted);
    int most = Math.max(MOST_BATCH, wanted + wanted / 2);
    if (distances.length < most) {
      batch = new int[Candidates.room(most)];
      distances = new float[most];
    }
    while (candidates.count() >= enough) {
      float limit = limit(sink);
      if (limit < Float.POSITIVE_INFINITY) {
        candidates.keepBelow(limit);
        if (candidates.count() < enough) {
          return;
        }
      }
      int count = candidates.takeBest(least, most, batch);
      if (count > 0) {
        Kernels.best().distances(index.metric(), query, index.vectors(), batch, count, distances);
        sink.offer(batch, distances, count);
      }
    }
  }

  /// Clears the bits of rows that do not match; answers how many are left.
  private int verify(int from, int words, RowSink sink) {
    int matching = 0;
    for (int word = 0; word < words; word++) {
      for (long bits = mask[word]; bits != 0; bits &= bits - 1) {
        int place = Long.numberOfTrailingZeros(bits);
        if (!isMatch(from + (word << 6) + place, sink)) {
          mask[word] &= ~(1L << place);
        }
      }
      matching += Long.bitCount(mask[word]);
    }
    return matching;
  }

  private boolean isMatch(int ordinal, RowSink sink) {
    if (selection.certain().contains(ordinal)) {
      return true;
    }
    sink.counters().documentsVerified++;
    return selection.verify().test(ordinal);
  }
}
