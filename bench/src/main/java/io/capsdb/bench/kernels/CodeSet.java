package io.capsdb.bench.kernels;

import io.capsdb.caps.code.BinaryQuantizer;
import io.capsdb.caps.code.Quantizer;
import io.capsdb.caps.code.RowCodes;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.PartReader;
import io.capsdb.io.PartWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// Coded random rows, in partitions of equal size, as they would be read from a segment. More of
/// them than are coded are the same again and again, at other addresses.
final class CodeSet {
  static final int PARTITION_ROWS = 512;

  private static final String CODES = "codes";

  private CodeSet() {}

  /// @param partitions of [#PARTITION_ROWS] rows, which are coded
  /// @param copies how often they stand one after the other; with more than one there are no
  ///     records
  static RowCodes of(Arena arena, int dimension, int partitions, int copies) {
    SplittableRandom random = new SplittableRandom(3);
    float[][] rows = new float[partitions * PARTITION_ROWS][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Rows.gaussian(random, dimension);
    }
    Parts parts = new Parts(arena, copies);
    try {
      new BinaryQuantizer()
          .encode(starts(partitions), new float[partitions][dimension], row -> rows[row].clone())
          .write(parts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Quantizer.read(
            parts, starts(partitions * copies), new float[partitions * copies][dimension])
        .orElseThrow();
  }

  private static int[] starts(int partitions) {
    int[] starts = new int[partitions + 1];
    for (int i = 0; i <= partitions; i++) {
      starts[i] = i * PARTITION_ROWS;
    }
    return starts;
  }

  private static final class Parts implements PartWriter, PartReader {
    private final Map<String, MemorySegment> segments = new HashMap<>();
    private final Arena arena;
    private final int copies;

    Parts(Arena arena, int copies) {
      this.arena = arena;
      this.copies = copies;
    }

    @Override
    public void part(String name, CheckedWriter content) {
      MemorySegment bytes = MemorySegment.ofArray(content.toByteArray());
      segments.put(name, arena.allocate(bytes.byteSize(), 64).copyFrom(bytes));
    }

    @Override
    public void part(String name, MemorySegment bytes) {
      if (copies > 1 && !name.equals(CODES)) {
        return;
      }
      MemorySegment all = arena.allocate(bytes.byteSize() * copies, 64);
      for (int i = 0; i < copies; i++) {
        all.asSlice(i * bytes.byteSize(), bytes.byteSize()).copyFrom(bytes);
      }
      segments.put(name, all);
    }

    @Override
    public boolean has(String name) {
      return segments.containsKey(name);
    }

    @Override
    public CheckedReader reader(String name) {
      return new CheckedReader(name, 0, segment(name));
    }

    @Override
    public MemorySegment segment(String name) {
      return Optional.ofNullable(segments.get(name)).orElseThrow();
    }
  }
}
