package io.capsdb.caps;

import io.capsdb.attribute.SlotFacts.Fact;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.PartReader;
import io.capsdb.io.PartWriter;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The structure part of a CAPS index as bytes, little-endian.
///
/// | bytes | what |
/// |---|---|
/// | 4 | format, 2; in 1 the reach was another one |
/// | 4 | dimension of the rows |
/// | 4 | largest norm, float32; 0 except for `DOT` |
/// | 4 + 4n | centroids, float32, partition by partition |
/// | 4 + 4n | first ordinal of each partition, then the number of rows |
/// | 4 + 4n | where each decision list begins, then their length |
/// | 4 + 4n | decision lists: numbers of facts |
/// | 4 + 4n | first ordinal of each slot, then the number of rows |
/// | 12 + 4n | reach: widths, excesses, visited rows, float32 |
/// | 4, … | facts: path, type of the value (1 keyword, 2 integer, 3 float, 4 boolean), value |
///
/// Where tenants come first, [Tenants] are a part of their own.
final class CapsCodec {
  private static final int FORMAT = 2;
  private static final String STRUCTURE = "structure";
  private static final String TENANTS = "tenants";

  private CapsCodec() {}

  static void write(CapsLayout layout, PartWriter parts) throws IOException {
    CheckedWriter out = new CheckedWriter();
    writeLayout(layout, out);
    parts.part(STRUCTURE, out);
    if (!layout.tenants().isNone()) {
      CheckedWriter tenants = new CheckedWriter();
      layout.tenants().write(tenants);
      parts.part(TENANTS, tenants);
    }
  }

  private static void writeLayout(CapsLayout layout, CheckedWriter out) {
    out.writeInt(FORMAT);
    out.writeInt(layout.space().dimension());
    out.writeFloat(layout.space().maxNorm());
    out.writeFloats(layout.centroids());
    out.writeInts(layout.partitionStart());
    out.writeInts(layout.listStart());
    out.writeInts(layout.list());
    out.writeInts(layout.slotStart());
    layout.reach().write(out);
    out.writeInt(layout.facts().size());
    for (Fact fact : layout.facts()) {
      out.writeString(fact.path());
      switch (fact.value()) {
        case String text -> {
          out.writeByte(1);
          out.writeString(text);
        }
        case Long number -> {
          out.writeByte(2);
          out.writeLong(number);
        }
        case Double number -> {
          out.writeByte(3);
          out.writeDouble(number);
        }
        case Boolean flag -> {
          out.writeByte(4);
          out.writeByte(flag ? 1 : 0);
        }
        default -> throw new IllegalStateException("a fact of type " + fact.value().getClass());
      }
    }
  }

  static CapsLayout read(Metric metric, PartReader parts, VectorMatrix vectors) {
    CheckedReader in = parts.reader(STRUCTURE);
    int format = in.readInt();
    if (format != FORMAT) {
      throw in.corrupt("CAPS structure of format " + format + ", this version reads " + FORMAT);
    }
    int dimension = in.readInt();
    if (dimension != vectors.dimension()) {
      throw in.corrupt(
          "structure of dimension " + dimension + ", vectors of " + vectors.dimension());
    }
    PartitionSpace space = new PartitionSpace(metric, dimension, in.readFloat());
    float[] centroids = in.readFloats();
    int[] partitionStart = in.readInts();
    int[] listStart = in.readInts();
    int[] list = in.readInts();
    int[] slotStart = in.readInts();
    Reach reach = Reach.read(in);
    List<Fact> facts = readFacts(in);
    int count = partitionStart.length - 1;
    if (count < 0
        || (long) count * space.width() != centroids.length
        || listStart.length != count + 1
        || slotStart.length != list.length + count + 1) {
      throw in.corrupt("the tables of the partitions have lengths that do not fit");
    }
    requireAscending(in, partitionStart, vectors.rowCount());
    requireAscending(in, listStart, list.length);
    requireAscending(in, slotStart, vectors.rowCount());
    for (int partition = 0; partition < count; partition++) {
      if (slotStart[listStart[partition] + partition] != partitionStart[partition]) {
        throw in.corrupt("the slots of partition " + partition + " begin elsewhere");
      }
    }
    for (int fact : list) {
      if (fact < 0 || fact >= facts.size()) {
        throw in.corrupt("fact " + fact + " of " + facts.size());
      }
    }
    Tenants tenants =
        parts.has(TENANTS) ? Tenants.read(parts.reader(TENANTS), count) : Tenants.NONE;
    return new CapsLayout(
        space, centroids, partitionStart, listStart, list, slotStart, facts, reach, tenants);
  }

  private static List<Fact> readFacts(CheckedReader in) {
    int count = in.readLength(6);
    List<Fact> facts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String path = in.readString();
      Object value =
          switch (in.readByte()) {
            case 1 -> in.readString();
            case 2 -> in.readLong();
            case 3 -> in.readDouble();
            case 4 -> in.readByte() != 0;
            default -> throw in.corrupt("an unknown type of value");
          };
      facts.add(new Fact(path, value));
    }
    return List.copyOf(facts);
  }

  /// From 0 to `last`, never falling.
  private static void requireAscending(CheckedReader in, int[] starts, int last) {
    for (int i = 1; i < starts.length; i++) {
      if (starts[i] < starts[i - 1]) {
        throw in.corrupt("a table of starts falls at entry " + i);
      }
    }
    if (starts[0] != 0 || starts[starts.length - 1] != last) {
      throw in.corrupt("a table of starts does not go from 0 to " + last);
    }
  }
}
