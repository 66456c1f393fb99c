package io.capsdb.attribute;

import java.util.Arrays;

/// How many rows of each run of ordinals have a code in each of some groups of neighbouring codes:
/// so runs without a row of an interval are passed over unseen.
///
/// The groups hold about equally many rows; codes that many rows have are groups of their own.
/// Takes 66 bytes a run. Immutable and safe for use by many threads.
final class RunCounts {
  private static final int GROUPS = 32;

  /// More rows of a run are not counted in a `char`.
  private static final int MOST_ROWS = Character.MAX_VALUE;

  static final RunCounts NONE = new RunCounts(new int[] {1}, new char[0]);

  /// The first code of each group, then one more than the largest.
  private final int[] firstCode;

  /// For each run and group, the rows of the run with a code in an earlier group; then all that
  /// have one.
  private final char[] before;

  private RunCounts(int[] firstCode, char[] before) {
    this.firstCode = firstCode;
    this.before = before;
  }

  /// Counts; costs three passes over the column.
  ///
  /// @param starts the first ordinal of each run, then the number of ordinals
  static RunCounts of(Column column, int[] starts) {
    int runs = starts.length - 1;
    for (int run = 0; run < runs; run++) {
      if (starts[run + 1] - starts[run] > MOST_ROWS) {
        return NONE;
      }
    }
    if (runs < 1) {
      return NONE;
    }
    int[] firstCode = groups(column, starts[runs]);
    int groups = firstCode.length - 1;
    char[] before = new char[runs * (groups + 1)];
    int[] own = new int[groups];
    for (int run = 0; run < runs; run++) {
      Arrays.fill(own, 0);
      for (int ordinal = starts[run]; ordinal < starts[run + 1]; ordinal++) {
        int code = column.code(ordinal);
        if (code > 0) {
          own[groupOf(firstCode, code)]++;
        }
      }
      int sum = 0;
      for (int group = 0; group < groups; group++) {
        sum += own[group];
        before[run * (groups + 1) + group + 1] = (char) sum;
      }
    }
    return new RunCounts(firstCode, before);
  }

  /// Neighbouring codes in groups of about equally many rows.
  private static int[] groups(Column column, int size) {
    int largest = 0;
    for (int ordinal = 0; ordinal < size; ordinal++) {
      largest = Math.max(largest, column.code(ordinal));
    }
    int[] rows = new int[largest + 1];
    for (int ordinal = 0; ordinal < size; ordinal++) {
      rows[column.code(ordinal)]++;
    }
    int[] firstCode = new int[GROUPS + 1];
    firstCode[0] = 1;
    int groups = 1;
    int left = size - rows[0];
    int taken = 0;
    for (int code = 1; code <= largest; code++) {
      if (taken > 0
          && groups < GROUPS
          && (long) (taken + rows[code]) * (GROUPS + 1 - groups) > left) {
        firstCode[groups++] = code;
        left -= taken;
        taken = 0;
      }
      taken += rows[code];
    }
    firstCode[groups] = largest + 1;
    return Arrays.copyOf(firstCode, groups + 1);
  }

  private static int groupOf(int[] firstCode, int code) {
    int place = Arrays.binarySearch(firstCode, code);
    return place >= 0 ? place : -place - 2;
  }

  /// The rows whose code lies in an interval of codes, as far as groups tell.
  Span span(CodeInterval codes) {
    int last = firstCode.length - 2;
    if (before.length == 0 || codes.isEmpty() || codes.low() >= firstCode[last + 1]) {
      return new Span(before, 1, 0, 0);
    }
    int from = groupOf(firstCode, codes.low());
    int to = codes.high() >= firstCode[last + 1] ? last : groupOf(firstCode, codes.high());
    return new Span(before, last + 2, from, to + 1);
  }

  /// Bytes in memory.
  long bytes() {
    return 2L * before.length;
  }

  /// Groups that hold an interval of codes.
  ///
  /// @param before see [RunCounts]
  /// @param stride entries of a run
  /// @param from the first group
  /// @param to one more than the last
  @SuppressWarnings("ArrayRecordComponent") // a view of the counts, never handed out
  record Span(char[] before, int stride, int from, int to) {
    /// Whether a run can have a row in the interval.
    boolean mayHold(int run) {
      int first = run * stride;
      return before.length == 0 || before[first + to] > before[first + from];
    }
  }
}
