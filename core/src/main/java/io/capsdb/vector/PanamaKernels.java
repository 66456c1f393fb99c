package io.capsdb.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The kernels on `jdk.incubator.vector`, which must be among the modules of the JVM.
///
/// Rows here are of float32; those of other types are read by [PanamaNarrowKernels].
///
/// Two accumulators a row: in cache the additions of one would wait for each other. The metric is
/// chosen outside the loops, so that each loop is compiled for itself.
///
/// The species must be a constant for the compiler, or every vector becomes an object and the loops
/// run no faster than the plain ones. A final field of an object is none; the answer of a method
/// is, as long as one subclass is loaded: hence one class for each width ([PanamaWidths]).
abstract class PanamaKernels implements KernelLoops {
  static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ORDER);

  /// Rows of a gather that are touched before they are scored.
  static final int RUN = 64;

  /// A constant of the class.
  abstract VectorSpecies<Float> species();

  /// The sum of all lanes, added in an order that never changes. `reduceLanes` adds in another
  /// order once it is compiled, and distances would change while the JVM warms up.
  abstract float sum(FloatVector lanes);

  /// The same of four registers, to four places.
  void sums(FloatVector a, FloatVector b, FloatVector c, FloatVector d, float[] out, int at) {
    out[at] = sum(a);
    out[at + 1] = sum(b);
    out[at + 2] = sum(c);
    out[at + 3] = sum(d);
  }

  @Override
  public String name() {
    return "panama-" + species().vectorBitSize();
  }

  @Override
  public float squaredL2(float[] a, float[] b) {
    VectorSpecies<Float> species = species();
    int lanes = species.length();
    int bound = a.length - a.length % (2 * lanes);
    FloatVector left = FloatVector.zero(species);
    FloatVector right = left;
    int i = 0;
    for (; i < bound; i += 2 * lanes) {
      FloatVector d =
          FloatVector.fromArray(species, a, i).sub(FloatVector.fromArray(species, b, i));
      FloatVector e =
          FloatVector.fromArray(species, a, i + lanes)
              .sub(FloatVector.fromArray(species, b, i + lanes));
      left = d.fma(d, left);
      right = e.fma(e, right);
    }
    float sum = sum(left.add(right));
    for (; i < a.length; i++) {
      float d = a[i] - b[i];
      sum = Math.fma(d, d, sum);
    }
    return sum;
  }

  @Override
  public float dot(float[] a, float[] b) {
    VectorSpecies<Float> species = species();
    int lanes = species.length();
    int bound = a.length - a.length % (2 * lanes);
    FloatVector left = FloatVector.zero(species);
    FloatVector right = left;
    int i = 0;
    for (; i < bound; i += 2 * lanes) {
      left = FloatVector.fromArray(species, a, i).fma(FloatVector.fromArray(species, b, i), left);
      right =
          FloatVector.fromArray(species, a, i + lanes)
              .fma(FloatVector.fromArray(species, b, i + lanes), right);
    }
    float sum = sum(left.add(right));
    for (; i < a.length; i++) {
      sum = Math.fma(a[i], b[i], sum);
    }
    return sum;
  }

  @Override
  public float manhattan(float[] a, float[] b) {
    VectorSpecies<Float> species = species();
    int lanes = species.length();
    int bound = a.length - a.length % (2 * lanes);
    FloatVector left = FloatVector.zero(species);
    FloatVector right = left;
    int i = 0;
    for (; i < bound; i += 2 * lanes) {
      left =
          FloatVector.fromArray(species, a, i)
              .sub(FloatVector.fromArray(species, b, i))
              .abs()
              .add(left);
      right =
          FloatVector.fromArray(species, a, i + lanes)
              .sub(FloatVector.fromArray(species, b, i + lanes))
              .abs()
              .add(right);
    }
    float sum = sum(left.add(right));
    for (; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum;
  }

  @Override
  public void block(
      Metric metric,
      float[] query,
      MemorySegment rows,
      ElementType type,
      long offset,
      long rowBytes,
      int count,
      float[] out) {
    switch (metric) {
      case COSINE, EUCLID -> {
        for (int i = 0; i < count; i++) {
          out[i] = squaredL2Row(query, rows, offset + i * rowBytes);
        }
      }
      case DOT -> {
        for (int i = 0; i < count; i++) {
          out[i] = -dotRow(query, rows, offset + i * rowBytes);
        }
      }
      case MANHATTAN -> {
        for (int i = 0; i < count; i++) {
          out[i] = manhattanRow(query, rows, offset + i * rowBytes);
        }
      }
    }
  }

  @Override
  public void gather(
      Metric metric,
      float[] query,
      MemorySegment rows,
      ElementType type,
      long rowBytes,
      int[] ordinals,
      int count,
      float[] out) {
    for (int from = 0; from < count; from += RUN) {
      int to = Math.min(count, from + RUN);
      // Kept in a place that the next loop writes, or the compiler would leave the reads out.
      out[from] = touch(rows, rowBytes, ordinals, from, to);
      switch (metric) {
        case COSINE, EUCLID -> {
          int fours = to - (to - from) % 4;
          for (int i = from; i < fours; i += 4) {
            squaredL2Rows4(
                query,
                rows,
                ordinals[i] * rowBytes,
                ordinals[i + 1] * rowBytes,
                ordinals[i + 2] * rowBytes,
                ordinals[i + 3] * rowBytes,
                out,
                i);
          }
          for (int i = fours; i < to; i++) {
            out[i] = squaredL2Row(query, rows, ordinals[i] * rowBytes);
          }
        }
        case DOT -> {
          for (int i = from; i < to; i++) {
            out[i] = -dotRow(query, rows, ordinals[i] * rowBytes);
          }
        }
        case MANHATTAN -> {
          for (int i = from; i < to; i++) {
            out[i] = manhattanRow(query, rows, ordinals[i] * rowBytes);
          }
        }
      }
    }
  }

  /// Reads a value of each row, so that their pages are looked up, and their first lines fetched,
  /// all at once. A loop over whole rows has too many instructions for more than a few rows to be
  /// under way at a time.
  private static int touch(MemorySegment rows, long rowBytes, int[] ordinals, int from, int to) {
    int touched = 0;
    for (int i = from; i < to; i++) {
      touched |= rows.get(WORD, ordinals[i] * rowBytes);
    }
    return touched;
  }

  private float squaredL2Row(float[] query, MemorySegment rows, long offset) {
    VectorSpecies<Float> species = species();
    int lanes = species.length();
    int bound = query.length - query.length % (2 * lanes);
    FloatVector left = FloatVector.zero(species);
    FloatVector right = left;
    int i = 0;
    for (; i < bound; i += 2 * lanes) {
      FloatVector d =
          FloatVector.fromArray(species, query, i)
              .sub(FloatVector.fromMemorySegment(species, rows, offset + 4L * i, ORDER));
      FloatVector e =
          FloatVector.fromArray(species, query, i + lanes)
              .sub(FloatVector.fromMemorySegment(species, rows, offset + 4L * (i + lanes), ORDER));
      left = d.fma(d, left);
      right = e.fma(e, right);
    }
    return squaredL2Tail(query, rows, offset, i, sum(left.add(right)));
  }

  /// Four rows from all over at a time, which share the loads of the query and the adding up of
  /// lanes, and whose misses overlap; each row's additions come in the order of [#squaredL2Row].
  /// Rows that follow one another are not read in this way: one stream is fetched faster than
  /// four.
  private void squaredL2Rows4(
      float[] query,
      MemorySegment rows,
      long row0,
      long row1,
      long row2,
      long row3,
      float[] out,
      int at) {
    VectorSpecies<Float> species = species();
    int lanes = species.length();
    int bound = query.length - query.length % (2 * lanes);
    FloatVector left0 = FloatVector.zero(species);
    FloatVector left1 = left0;
    FloatVector left2 = left0;
    FloatVector left3 = left0;
    FloatVector right0 = left0;
    FloatVector right1 = left0;
    FloatVector right2 = left0;
    FloatVector right3 = left0;
    for (int i = 0; i < bound; i += 2 * lanes) {
      FloatVector value = FloatVector.fromArray(species, query, i);
      long place = 4L * i;
      FloatVector d0 = value.sub(FloatVector.fromMemorySegment(species, rows, row0 + place, ORDER));
      FloatVector d1 = value.sub(FloatVector.fromMemorySegment(species, rows, row1 + place, ORDER));
      FloatVector d2 = value.sub(FloatVector.fromMemorySegment(species, rows, row2 + place, ORDER));
      FloatVector d3 = value.sub(FloatVector.fromMemorySegment(species, rows, row3 + place, ORDER));
      left0 = d0.fma(d0, left0);
      left1 = d1.fma(d1, left1);
      left2 = d2.fma(d2, left2);
      left3 = d3.fma(d3, left3);
      value = FloatVector.fromArray(species, query, i + lanes);
      place = 4L * (i + lanes);
      d0 = value.sub(FloatVector.fromMemorySegment(species, rows, row0 + place, ORDER));
      d1 = value.sub(FloatVector.fromMemorySegment(species, rows, row1 + place, ORDER));
      d2 = value.sub(FloatVector.fromMemorySegment(species, rows, row2 + place, ORDER));
      d3 = value.sub(FloatVector.fromMemorySegment(species, rows, row3 + place, ORDER));
      right0 = d0.fma(d0, right0);
      right1 = d1.fma(d1, right1);
      right2 = d2.fma(d2, right2);
      right3 = d3.fma(d3, right3);
    }
    sums(left0.add(right0), left1.add(right1), left2.add(right2), left3.add(right3), out, at);
    if (bound < query.length) {
      out[at] = squaredL2Tail(query, rows, row0, bound, out[at]);
      out[at + 1] = squaredL2Tail(query, rows, row1, bound, out[at + 1]);
      out[at + 2] = squaredL2Tail(query, rows, row2, bound, out[at + 2]);
      out[at + 3] = squaredL2Tail(query, rows, row3, bound, out[at + 3]);
    }
  }

  private static float squaredL2Tail(
      float[] query, MemorySegment rows, long row, int from, float before) {
    float sum = before;
    for (int i = from; i < query.length; i++) {
      float d = query[i] - rows.get(Floats.LITTLE_ENDIAN, row + 4L * i);
      sum = Math.fma(d, d, sum);
    }
    return sum;
  }

  private float dotRow(float[] query, MemorySegment rows, long offset) {
    VectorSpecies<Float> species = species();
    int lanes = species.length();
    int bound = query.length - query.length % (2 * lanes);
    FloatVector left = FloatVector.zero(species);
    FloatVector right = left;
    int i = 0;
    for (; i < bound; i += 2 * lanes) {
      left =
          FloatVector.fromArray(species, query, i)
              .fma(FloatVector.fromMemorySegment(species, rows, offset + 4L * i, ORDER), left);
      right =
          FloatVector.fromArray(species, query, i + lanes)
              .fma(
                  FloatVector.fromMemorySegment(species, rows, offset + 4L * (i + lanes), ORDER),
                  right);
    }
    float sum = sum(left.add(right));
    for (; i < query.length; i++) {
      sum = Math.fma(query[i], rows.get(Floats.LITTLE_ENDIAN, offset + 4L * i), sum);
    }
    return sum;
  }

  private float manhattanRow(float[] query, MemorySegment rows, long offset) {
    VectorSpecies<Float> species = species();
    int lanes = species.length();
    int bound = query.length - query.length % (2 * lanes);
    FloatVector left = FloatVector.zero(species);
    FloatVector right = left;
    int i = 0;
    for (; i < bound; i += 2 * lanes) {
      left =
          FloatVector.fromArray(species, query, i)
              .sub(FloatVector.fromMemorySegment(species, rows, offset + 4L * i, ORDER))
              .abs()
              .add(left);
      right =
          FloatVector.fromArray(species, query, i + lanes)
              .sub(FloatVector.fromMemorySegment(species, rows, offset + 4L * (i + lanes), ORDER))
              .abs()
              .add(right);
    }
    float sum = sum(left.add(right));
    for (; i < query.length; i++) {
      sum += Math.abs(query[i] - rows.get(Floats.LITTLE_ENDIAN, offset + 4L * i));
    }
    return sum;
  }

  /// Two accumulators for each lane, as for rows; there are no lanes to be added up.
  @Override
  public void columns(Metric metric, float[] query, float[] columns, int stride, float[] out) {
    int lanes = species().length();
    int first = 0;
    if (metric == Metric.COSINE || metric == Metric.EUCLID) {
      for (; first + 4 * lanes <= stride; first += 4 * lanes) {
        squaredL2Columns4(query, columns, stride, first, out);
      }
    }
    for (int from = first; from < stride; from += lanes) {
      FloatVector distances =
          switch (metric) {
            case COSINE, EUCLID -> squaredL2Columns(query, columns, stride, from);
            case DOT -> dotColumns(query, columns, stride, from).neg();
            case MANHATTAN -> manhattanColumns(query, columns, stride, from);
          };
      distances.intoArray(out, from);
    }
  }

  @Override
  public void columns(
      Metric metric, float[][] queries, float[] columns, int stride, float[][] out) {
    if (metric != Metric.COSINE && metric != Metric.EUCLID) {
      KernelLoops.super.columns(metric, queries, columns, stride, out);
      return;
    }
    for (int from = 0; from < stride; from += species().length()) {
      squaredL2ColumnsOfFour(queries, columns, stride, from, out);
    }
  }

  /// One register of columns at a time, which is loaded once for four queries; each sum's additions
  /// come in the order of the loops for one query.
  private void squaredL2ColumnsOfFour(
      float[][] queries, float[] columns, int stride, int from, float[][] out) {
    VectorSpecies<Float> species = species();
    float[] query0 = queries[0];
    float[] query1 = queries[1];
    float[] query2 = queries[2];
    float[] query3 = queries[3];
    FloatVector left0 = FloatVector.zero(species);
    FloatVector left1 = left0;
    FloatVector left2 = left0;
    FloatVector left3 = left0;
    FloatVector right0 = left0;
    FloatVector right1 = left0;
    FloatVector right2 = left0;
    FloatVector right3 = left0;
    int length = query0.length;
    int j = 0;
    int at = from;
    for (; j + 1 < length; j += 2, at += 2 * stride) {
      FloatVector column = FloatVector.fromArray(species, columns, at);
      FloatVector d0 = FloatVector.broadcast(species, query0[j]).sub(column);
      FloatVector d1 = FloatVector.broadcast(species, query1[j]).sub(column);
      FloatVector d2 = FloatVector.broadcast(species, query2[j]).sub(column);
      FloatVector d3 = FloatVector.broadcast(species, query3[j]).sub(column);
      left0 = d0.fma(d0, left0);
      left1 = d1.fma(d1, left1);
      left2 = d2.fma(d2, left2);
      left3 = d3.fma(d3, left3);
      column = FloatVector.fromArray(species, columns, at + stride);
      d0 = FloatVector.broadcast(species, query0[j + 1]).sub(column);
      d1 = FloatVector.broadcast(species, query1[j + 1]).sub(column);
      d2 = FloatVector.broadcast(species, query2[j + 1]).sub(column);
      d3 = FloatVector.broadcast(species, query3[j + 1]).sub(column);
      right0 = d0.fma(d0, right0);
      right1 = d1.fma(d1, right1);
      right2 = d2.fma(d2, right2);
      right3 = d3.fma(d3, right3);
    }
    if (j < length) {
      FloatVector column = FloatVector.fromArray(species, columns, at);
      FloatVector d0 = FloatVector.broadcast(species, query0[j]).sub(column);
      FloatVector d1 = FloatVector.broadcast(species, query1[j]).sub(column);
      FloatVector d2 = FloatVector.broadcast(species, query2[j]).sub(column);
      FloatVector d3 = FloatVector.broadcast(species, query3[j]).sub(column);
      left0 = d0.fma(d0, left0);
      left1 = d1.fma(d1, left1);
      left2 = d2.fma(d2, left2);
      left3 = d3.fma(d3, left3);
    }
    left0.add(right0).intoArray(out[0], from);
    left1.add(right1).intoArray(out[1], from);
    left2.add(right2).intoArray(out[2], from);
    left3.add(right3).intoArray(out[3], from);
  }

  private FloatVector squaredL2Columns(float[] query, float[] columns, int stride, int from) {
    VectorSpecies<Float> species = species();
    FloatVector left = FloatVector.zero(species);
    FloatVector right = left;
    int j = 0;
    int at = from;
    for (; j + 1 < query.length; j += 2, at += 2 * stride) {
      FloatVector d =
          FloatVector.broadcast(species, query[j]).sub(FloatVector.fromArray(species, columns, at));
      FloatVector e =
          FloatVector.broadcast(species, query[j + 1])
              .sub(FloatVector.fromArray(species, columns, at + stride));
      left = d.fma(d, left);
      right = e.fma(e, right);
    }
    if (j < query.length) {
      FloatVector d =
          FloatVector.broadcast(species, query[j]).sub(FloatVector.fromArray(species, columns, at));
      left = d.fma(d, left);
    }
    return left.add(right);
  }

  /// Four registers of columns at a time, which use each broadcast value four times and have eight
  /// sums under way; each column's additions come in the order of the loop above.
  private void squaredL2Columns4(
      float[] query, float[] columns, int stride, int from, float[] out) {
    VectorSpecies<Float> species = species();
    int lanes = species.length();
    FloatVector left0 = FloatVector.zero(species);
    FloatVector left1 = left0;
    FloatVector left2 = left0;
    FloatVector left3 = left0;
    FloatVector right0 = left0;
    FloatVector right1 = left0;
    FloatVector right2 = left0;
    FloatVector right3 = left0;
    int j = 0;
    int at = from;
    for (; j + 1 < query.length; j += 2, at += 2 * stride) {
      FloatVector value = FloatVector.broadcast(species, query[j]);
      FloatVector d0 = value.sub(FloatVector.fromArray(species, columns, at));
      FloatVector d1 = value.sub(FloatVector.fromArray(species, columns, at + lanes));
      FloatVector d2 = value.sub(FloatVector.fromArray(species, columns, at + 2 * lanes));
      FloatVector d3 = value.sub(FloatVector.fromArray(species, columns, at + 3 * lanes));
      left0 = d0.fma(d0, left0);
      left1 = d1.fma(d1, left1);
      left2 = d2.fma(d2, left2);
      left3 = d3.fma(d3, left3);
      int next = at + stride;
      value = FloatVector.broadcast(species, query[j + 1]);
      d0 = value.sub(FloatVector.fromArray(species, columns, next));
      d1 = value.sub(FloatVector.fromArray(species, columns, next + lanes));
      d2 = value.sub(FloatVector.fromArray(species, columns, next + 2 * lanes));
      d3 = value.sub(FloatVector.fromArray(species, columns, next + 3 * lanes));
      right0 = d0.fma(d0, right0);
      right1 = d1.fma(d1, right1);
      right2 = d2.fma(d2, right2);
      right3 = d3.fma(d3, right3);
    }
    if (j < query.length) {
      FloatVector value = FloatVector.broadcast(species, query[j]);
      FloatVector d0 = value.sub(FloatVector.fromArray(species, columns, at));
      FloatVector d1 = value.sub(FloatVector.fromArray(species, columns, at + lanes));
      FloatVector d2 = value.sub(FloatVector.fromArray(species, columns, at + 2 * lanes));
      FloatVector d3 = value.sub(FloatVector.fromArray(species, columns, at + 3 * lanes));
      left0 = d0.fma(d0, left0);
      left1 = d1.fma(d1, left1);
      left2 = d2.fma(d2, left2);
      left3 = d3.fma(d3, left3);
    }
    left0.add(right0).intoArray(out, from);
    left1.add(right1).intoArray(out, from + lanes);
    left2.add(right2).intoArray(out, from + 2 * lanes);
    left3.add(right3).intoArray(out, from + 3 * lanes);
  }

  private FloatVector dotColumns(float[] query, float[] columns, int stride, int from) {
    VectorSpecies<Float> species = species();
    FloatVector sum = FloatVector.zero(species);
    for (int j = 0; j < query.length; j++) {
      sum =
          FloatVector.broadcast(species, query[j])
              .fma(FloatVector.fromArray(species, columns, j * stride + from), sum);
    }
    return sum;
  }

  private FloatVector manhattanColumns(float[] query, float[] columns, int stride, int from) {
    VectorSpecies<Float> species = species();
    FloatVector sum = FloatVector.zero(species);
    for (int j = 0; j < query.length; j++) {
      sum =
          FloatVector.broadcast(species, query[j])
              .sub(FloatVector.fromArray(species, columns, j * stride + from))
              .abs()
              .add(sum);
    }
    return sum;
  }
}
