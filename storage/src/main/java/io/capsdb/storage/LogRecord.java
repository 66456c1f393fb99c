package io.capsdb.storage;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.point.Payload;
import io.capsdb.point.PayloadCodec;
import io.capsdb.point.PointId;
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
  record Entry(PointId id, Map<String, float[]> vectors, Payload payload) {
    public Entry {
      vectors = Map.copyOf(vectors);
    }
  }

  default byte[] toBytes() {
    CheckedWriter out = new CheckedWriter();
    switch (this) {
      case Upsert(long sequence, List<Entry> entries) -> {
        out.writeByte(1);
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
      case 1 -> {
        List<Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          PointId id = readId(in);
          int vectorCount = in.readLength(8);
          Map<String, float[]> vectors = new TreeMap<>();
          for (int v = 0; v < vectorCount; v++) {
            vectors.put(in.readString(), in.readFloats());
          }
          entries.add(new Entry(id, vectors, PayloadCodec.read(in)));
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
