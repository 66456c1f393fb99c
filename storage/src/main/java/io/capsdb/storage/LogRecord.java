package io.capsdb.storage;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.point.Payload;
import io.capsdb.point.PayloadCodec;
import io.capsdb.point.PointId;
import io.capsdb.vector.SparseVector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// What a write did: its effects, never the request. One record is one batch, all or nothing.
public sealed interface LogRecord {
  /// Number of the write; each is one above the one before.
  long sequence();

  /// Points were stored, replacing those of the same ids.
  record Upsert(long sequence, List<Entry> entries) implements LogRecord {
    public Upsert {
      entries = List.copyOf(entries);
    }
  }

  /// Points were deleted.
  record Delete(long sequence, List<PointId> ids) implements LogRecord {
    public Delete {
      ids = List.copyOf(ids);
    }
  }

  /// Payloads of points were replaced; their vectors stay.
  record Payloads(long sequence, List<Change> changes) implements LogRecord {
    public Payloads {
      changes = List.copyOf(changes);
    }
  }

  /// @param payload the whole of it, after the change
  record Change(PointId id, Payload payload) {}

  /// @param vectors by name, prepared by the metric
  /// @param sparse vectors by name
  record Entry(
      PointId id, Map<String, float[]> vectors, Map<String, SparseVector> sparse, Payload payload) {
    public Entry {
      vectors = Map.copyOf(vectors);
      sparse = Map.copyOf(sparse);
    }

    /// Without sparse vectors.
    public Entry(PointId id, Map<String, float[]> vectors, Payload payload) {
      this(id, vectors, Map.of(), payload);
    }
  }

  default byte[] toBytes() {
    CheckedWriter out = new CheckedWriter();
    switch (this) {
      case Upsert(long sequence, List<Entry> entries) -> {
        // Records of a kind of their own, so that those of old collections stay as they were.
        boolean hasSparse = entries.stream().anyMatch(entry -> !entry.sparse().isEmpty());
        out.writeByte(hasSparse ? 4 : 1);
        out.writeLong(sequence);
        out.writeInt(entries.size());
        for (Entry entry : entries) {
          writeId(entry.id(), out);
          out.writeInt(entry.vectors().size());
          new TreeMap<>(entry.vectors())
              .forEach(
                  (name, vector) -> {
                    out.writeString(name);
                    out.writeFloats(vector);
                  });
          if (hasSparse) {
            writeSparse(entry.sparse(), out);
          }
          PayloadCodec.write(entry.payload(), out);
        }
      }
      case Delete(long sequence, List<PointId> ids) -> {
        out.writeByte(2);
        out.writeLong(sequence);
        out.writeInt(ids.size());
        ids.forEach(id -> writeId(id, out));
      }
      case Payloads(long sequence, List<Change> changes) -> {
        out.writeByte(3);
        out.writeLong(sequence);
        out.writeInt(changes.size());
        for (Change change : changes) {
          writeId(change.id(), out);
          PayloadCodec.write(change.payload(), out);
        }
      }
    }
    return out.toByteArray();
  }

  /// @throws io.capsdb.io.CorruptFileException if the bytes are no record
  static LogRecord read(CheckedReader in) {
    byte kind = in.readByte();
    long sequence = in.readLong();
    int count = in.readLength(9);
    return switch (kind) {
      case 1, 4 -> {
        List<Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          PointId id = readId(in);
          int vectorCount = in.readLength(8);
          Map<String, float[]> vectors = new TreeMap<>();
          for (int v = 0; v < vectorCount; v++) {
            vectors.put(in.readString(), in.readFloats());
          }
          Map<String, SparseVector> sparse = kind == 4 ? readSparse(in) : Map.of();
          entries.add(new Entry(id, vectors, sparse, PayloadCodec.read(in)));
        }
        yield new Upsert(sequence, entries);
      }
      case 2 -> {
        List<PointId> ids = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          ids.add(readId(in));
        }
        yield new Delete(sequence, ids);
      }
      case 3 -> {
        List<Change> changes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          changes.add(new Change(readId(in), PayloadCodec.read(in)));
        }
        yield new Payloads(sequence, changes);
      }
      default -> throw in.corrupt("an unknown kind of record");
    };
  }

  private static void writeSparse(Map<String, SparseVector> sparse, CheckedWriter out) {
    out.writeInt(sparse.size());
    new TreeMap<>(sparse)
        .forEach(
            (name, vector) -> {
              out.writeString(name);
              out.writeInts(vector.indices());
              out.writeFloats(vector.values());
            });
  }

  private static Map<String, SparseVector> readSparse(CheckedReader in) {
    int count = in.readLength(12);
    Map<String, SparseVector> sparse = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      String name = in.readString();
      int[] indices = in.readInts();
      float[] values = in.readFloats();
      try {
        sparse.put(name, new SparseVector(indices, values));
      } catch (IllegalArgumentException e) {
        throw in.corrupt(String.valueOf(e.getMessage()));
      }
    }
    return sparse;
  }

  /// An id: a byte (1 number, 2 UUID), then 8 or 16 bytes.
  static void writeId(PointId id, CheckedWriter out) {
    switch (id) {
      case PointId.Numeric(long value) -> {
        out.writeByte(1);
        out.writeLong(value);
      }
      case PointId.Uuid(UUID value) -> {
        out.writeByte(2);
        out.writeLong(value.getMostSignificantBits());
        out.writeLong(value.getLeastSignificantBits());
      }
    }
  }

  /// @throws io.capsdb.io.CorruptFileException if the bytes are no id
  static PointId readId(CheckedReader in) {
    return switch (in.readByte()) {
      case 1 -> PointId.of(in.readLong());
      case 2 -> PointId.of(new UUID(in.readLong(), in.readLong()));
      default -> throw in.corrupt("an unknown kind of id");
    };
  }
}
