package io.capsdb;

import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Whether what clients saw of one point can be explained by its reads and writes taking place one
/// after the other, each at some moment between call and return (Wing and Gong, 1993). States that
/// were looked at are remembered, so that histories of some hundred calls take milliseconds.
final class PointHistory {
  /// The value of a point that is not there.
  static final long ABSENT = 0;

  /// Of a call that never returned: it may have taken effect at any time since, or not at all.
  static final long NEVER = Long.MAX_VALUE;

  private final List<Call> calls;
  private final Set<State> seen = new HashSet<>();

  /// A call of a client.
  ///
  /// @param value that was read or written; [#ABSENT] for a delete
  /// @param from moment of the call
  /// @param until moment of the return, or [#NEVER]
  record Call(boolean isRead, long value, long from, long until) {}

  private record State(BitSet done, long value) {}

  private PointHistory(List<Call> calls) {
    Set<Long> read =
        calls.stream().filter(Call::isRead).map(Call::value).collect(Collectors.toSet());
    // What a read that failed would have seen, nobody knows. A write that never returned and that
    // nobody saw explains nothing: it may as well not have taken place.
    this.calls =
        calls.stream()
            .filter(
                call -> call.until() != NEVER || (!call.isRead() && read.contains(call.value())))
            .sorted(Comparator.comparingLong(Call::from))
            .toList();
  }

  static boolean isLinearizable(List<Call> calls) {
    return new PointHistory(calls).isLinearizable(new BitSet(), ABSENT);
  }

  private boolean isLinearizable(BitSet done, long value) {
    long firstReturn = NEVER;
    boolean isComplete = true;
    for (int i = done.nextClearBit(0); i < calls.size(); i = done.nextClearBit(i + 1)) {
      firstReturn = Math.min(firstReturn, calls.get(i).until());
      isComplete &= calls.get(i).until() == NEVER;
    }
    if (isComplete) {
      return true;
    }
    if (!seen.add(new State((BitSet) done.clone(), value))) {
      return false;
    }
    Set<Long> pending = new HashSet<>();
    for (int i = done.nextClearBit(0);
        i < calls.size() && calls.get(i).from() <= firstReturn;
        i = done.nextClearBit(i + 1)) {
      Call call = calls.get(i);
      // Of equal writes that never returned, the one that began first will do.
      boolean isTried = call.until() == NEVER && !pending.add(call.value());
      if (isTried || (call.isRead() && call.value() != value)) {
        continue;
      }
      done.set(i);
      if (isLinearizable(done, call.isRead() ? value : call.value())) {
        return true;
      }
      done.clear(i);
    }
    return false;
  }
}
