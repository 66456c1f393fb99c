package io.capsdb;

import io.capsdb.io.PartWriter;
import io.capsdb.vector.SparseVector;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;

/// Writes what [SparsePart] reads. The vectors are looked at twice: counted first, so that each
/// posting list has its place, then put there. What is written lies off the heap meanwhile.
final class SparseBuilder {
  private final Map<Integer, long[]> lengths = new TreeMap<>(Integer::compareUnsigned);
  private int vectors;
  private long entries;

  /// Takes note of a vector.
  void count(SparseVector vector) {
    vectors++;
    entries += vector.size();
    for (int index : vector.indices()) {
      lengths.computeIfAbsent(index, _ -> new long[1])[0]++;
    }
  }

  boolean isEmpty() {
    return vectors == 0;
  }

  /// @param rowCount rows of the segment
  /// @param vectorOf the vector of a row, the same as were counted
  void write(PartWriter out, int rowCount, IntFunction<Optional<SparseVector>> vectorOf)
      throws IOException {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment lists = arena.allocate(4L * lengths.size());
      MemorySegment listStarts = arena.allocate(8L * (lengths.size() + 1L));
      // From here on the places where the next row of each list comes.
      long begin = 0;
      int list = 0;
      for (Map.Entry<Integer, long[]> length : lengths.entrySet()) {
        lists.set(SparsePart.INT, 4L * list, length.getKey());
        listStarts.set(SparsePart.LONG, 8L * list, begin);
        long count = length.getValue()[0];
        length.getValue()[0] = begin;
        begin += count;
        list++;
      }
      listStarts.set(SparsePart.LONG, 8L * list, begin);
      MemorySegment rows = arena.allocate(4L * vectors);
      MemorySegment starts = arena.allocate(8L * (vectors + 1L));
      MemorySegment indices = arena.allocate(4 * entries);
      MemorySegment values = arena.allocate(4 * entries);
      MemorySegment listRows = arena.allocate(4 * entries);
      MemorySegment listValues = arena.allocate(4 * entries);
      int place = 0;
      long at = 0;
      for (int row = 0; row < rowCount; row++) {
        Optional<SparseVector> found = vectorOf.apply(row);
        if (found.isEmpty()) {
          continue;
        }
        SparseVector vector = found.get();
        rows.set(SparsePart.INT, 4L * place, row);
        starts.set(SparsePart.LONG, 8L * place, at);
        for (int i = 0; i < vector.size(); i++) {
          int index = vector.indices()[i];
          float value = vector.values()[i];
          indices.set(SparsePart.INT, 4 * at, index);
          values.set(SparsePart.FLOAT, 4 * at, value);
          at++;
          long[] next = lengths.get(index);
          if (next == null) {
            throw new IllegalStateException("row " + row + " was not counted");
          }
          listRows.set(SparsePart.INT, 4 * next[0], row);
          listValues.set(SparsePart.FLOAT, 4 * next[0], value);
          next[0]++;
        }
        place++;
      }
      starts.set(SparsePart.LONG, 8L * place, at);
      out.part("rows", rows);
      out.part("starts", starts);
      out.part("indices", indices);
      out.part("values", values);
      out.part("lists", lists);
      out.part("list-starts", listStarts);
      out.part("list-rows", listRows);
      out.part("list-values", listValues);
    }
  }
}
