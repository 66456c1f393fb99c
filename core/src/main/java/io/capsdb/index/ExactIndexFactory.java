package io.capsdb.index;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.filter.Filter;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.PartReader;
import io.capsdb.io.PartWriter;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.DoubleConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Makes indexes that scan: nothing to decide, rows stay in input order.
public final class ExactIndexFactory implements IndexFactory {
  private static final int FORMAT = 1;
  private static final String STRUCTURE = "structure";

  public ExactIndexFactory() {}

  @Override
  public String kind() {
    return "exact";
  }

  @Override
  public BuiltIndex build(
      Metric metric,
      VectorMatrix rows,
      AttributeIndex attributes,
      List<Filter> observed,
      RandomGenerator random,
      DoubleConsumer progress) {
    if (Thread.interrupted()) {
      throw new CancellationException("the build was interrupted");
    }
    int rowCount = rows.rowCount();
    progress.accept(1);
    return new BuiltIndex() {
      @Override
      public int[] order() {
        return IntStream.range(0, rowCount).toArray();
      }

      @Override
      public void write(PartWriter out) throws IOException {
        CheckedWriter structure = new CheckedWriter();
        structure.writeInt(FORMAT);
        structure.writeInt(rowCount);
        out.part(STRUCTURE, structure);
      }
    };
  }

  @Override
  public VectorIndex open(
      Metric metric, PartReader parts, VectorMatrix vectors, AttributeIndex attributes) {
    CheckedReader structure = parts.reader(STRUCTURE);
    int format = structure.readInt();
    int rowCount = structure.readInt();
    if (format != FORMAT || rowCount != vectors.rowCount()) {
      throw structure.corrupt(
          "an exact index of format "
              + format
              + " over "
              + rowCount
              + " rows, not of format "
              + FORMAT
              + " over "
              + vectors.rowCount());
    }
    return new ExactIndex(metric, vectors);
  }
}
