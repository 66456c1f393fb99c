package io.capsdb;

import io.capsdb.io.PartReader;
import io.capsdb.vector.SparseVector;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.Optional;
import org.roaringbitmap.RoaringBitmap;

/// The sparse vectors of one name in a segment: by row, and as posting lists by index.
///
/// | part | what |
/// |---|---|
/// | `rows` | rows that have such a vector, ascending, int32 |
/// | `starts` | for each of them where its values begin, then their number, int64 |
/// | `indices` | indices of the values, int32, row by row, ascending in each |
/// | `values` | the values, float32 |
/// | `lists` | indices that some row has, int32, ascending and unsigned |
/// | `list-starts` | for each of them where its list begins, then the length of all, int64 |
/// | `list-rows` | rows of the lists, int32, ascending in each |
/// | `list-values` | their values, float32 |
///
/// Numbers are little-endian. Holds no copy: the segments must stay open as long as it is used.
/// Safe for use by many threads.
final class SparsePart {
  static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final MemorySegment rows;
  private final MemorySegment starts;
  private final MemorySegment indices;
  private final MemorySegment values;
  private final MemorySegment lists;
  private final MemorySegment listStarts;
  private final MemorySegment listRows;
  private final MemorySegment listValues;
  private final int count;
  private final int listCount;

  /// @param hasLists whether the posting lists are read, too
  private SparsePart(PartReader in, boolean hasLists) {
    this.rows = in.segment("rows");
    this.starts = in.segment("starts");
    this.indices = in.segment("indices");
    this.values = in.segment("values");
    this.lists = hasLists ? in.segment("lists") : MemorySegment.NULL;
    this.listStarts = hasLists ? in.segment("list-starts") : MemorySegment.NULL;
    this.listRows = hasLists ? in.segment("list-rows") : MemorySegment.NULL;
    this.listValues = hasLists ? in.segment("list-values") : MemorySegment.NULL;
    this.count = (int) (rows.byteSize() / 4);
    this.listCount = (int) (lists.byteSize() / 4);
  }

  /// @param rowCount rows of the segment
  /// @throws io.capsdb.io.CorruptFileException if the parts do not fit one another
  static SparsePart open(PartReader in, int rowCount) {
    SparsePart part = new SparsePart(in, true);
    require(in, part.hasWholeRows(rowCount) && part.hasWholeLists(rowCount));
    return part;
  }

  /// Without posting lists, which can be made from the rows: answers vectors of rows, nothing else.
  ///
  /// @throws io.capsdb.io.CorruptFileException if the parts of the rows do not fit one another
  static SparsePart openRows(PartReader in, int rowCount) {
    SparsePart part = new SparsePart(in, false);
    require(in, part.hasWholeRows(rowCount));
    return part;
  }

  private static void require(PartReader in, boolean isWhole) {
    if (!isWhole) {
      throw in.reader("rows").corrupt("the parts of sparse vectors do not fit one another");
    }
  }

  private boolean hasWholeRows(int rowCount) {
    long entries = indices.byteSize() / 4;
    return rows.byteSize() == 4L * count
        && starts.byteSize() == 8L * (count + 1L)
        && indices.byteSize() == 4 * entries
        && values.byteSize() == 4 * entries
        && ascend(starts, count, entries)
        && areRows(rows, 0, count, rowCount);
  }

  private boolean hasWholeLists(int rowCount) {
    long entries = indices.byteSize() / 4;
    return lists.byteSize() == 4L * listCount
        && listStarts.byteSize() == 8L * (listCount + 1L)
        && listRows.byteSize() == 4 * entries
        && listValues.byteSize() == 4 * entries
        && ascend(listStarts, listCount, entries)
        && areRowsOfLists(rowCount);
  }

  private boolean areRowsOfLists(int rowCount) {
    for (int list = 0; list < listCount; list++) {
      if (!areRows(listRows, listBegin(list), listBegin(list + 1), rowCount)) {
        return false;
      }
    }
    return true;
  }

  private static boolean ascend(MemorySegment starts, int count, long entries) {
    for (int i = 0; i < count; i++) {
      if (starts.get(LONG, 8L * i) > starts.get(LONG, 8L * i + 8)) {
        return false;
      }
    }
    return starts.get(LONG, 0) == 0 && starts.get(LONG, 8L * count) == entries;
  }

  private static boolean areRows(MemorySegment rows, long from, long to, int rowCount) {
    int last = -1;
    for (long i = from; i < to; i++) {
      int row = rows.get(INT, 4 * i);
      if (row <= last || row >= rowCount) {
        return false;
      }
      last = row;
    }
    return true;
  }

  private long listBegin(int list) {
    return listStarts.get(LONG, 8L * list);
  }

  boolean has(int row) {
    return place(row) >= 0;
  }

  /// The vector of a row; empty when it has none.
  Optional<SparseVector> vector(int row) {
    int place = place(row);
    if (place < 0) {
      return Optional.empty();
    }
    long from = starts.get(LONG, 8L * place);
    long length = starts.get(LONG, 8L * place + 8) - from;
    return Optional.of(
        new SparseVector(
            indices.asSlice(4 * from, 4 * length).toArray(INT),
            values.asSlice(4 * from, 4 * length).toArray(FLOAT)));
  }

  private int place(int row) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (rows.get(INT, 4L * middle) < row) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < count && rows.get(INT, 4L * low) == row ? low : -1;
  }

  /// The list of an index; -1 when no row has it.
  private int list(int index) {
    int low = 0;
    int high = listCount;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Integer.compareUnsigned(lists.get(INT, 4L * middle), index) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < listCount && lists.get(INT, 4L * low) == index ? low : -1;
  }

  /// Rows in the list of an index.
  long length(int index) {
    int list = list(index);
    return list < 0 ? 0 : listBegin(list + 1) - listBegin(list);
  }

  /// Rows in the list of an index that are not dead.
  long liveLength(int index, RoaringBitmap dead) {
    int list = list(index);
    if (list < 0) {
      return 0;
    }
    long live = listBegin(list + 1) - listBegin(list);
    if (!dead.isEmpty()) {
      for (long i = listBegin(list); i < listBegin(list + 1); i++) {
        live -= dead.contains(listRows.get(INT, 4 * i)) ? 1 : 0;
      }
    }
    return live;
  }

  /// Rows that have such a vector and are not dead.
  long liveCount(RoaringBitmap dead) {
    long live = count;
    for (int i = 0; i < count && !dead.isEmpty(); i++) {
      live -= dead.contains(rows.get(INT, 4L * i)) ? 1 : 0;
    }
    return live;
  }

  /// Adds the products of the values of an index and a weight to the scores of their rows.
  ///
  /// @param touched rows that have a score
  void add(int index, double weight, double[] scores, BitSet touched) {
    int list = list(index);
    if (list < 0) {
      return;
    }
    long end = listBegin(list + 1);
    for (long i = listBegin(list); i < end; i++) {
      int row = listRows.get(INT, 4 * i);
      scores[row] += listValues.get(FLOAT, 4 * i) * weight;
      touched.set(row);
    }
  }
}
