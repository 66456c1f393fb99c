package io.capsdb.caps.code;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.testdata.Seed;
import io.capsdb.vector.BinaryProjection;
import io.capsdb.vector.Metric;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// All forms of codes against their contract.
class QuantizerTest {
  @Nested
  class Binary extends QuantizerContract {
    @Override
    int[] dimensions() {
      return new int[] {64, 129, 384};
    }

    @Override
    Quantizer quantizer(List<List<float[]>> partitions) {
      return new BinaryQuantizer();
    }

    @Override
    double meanError() {
      return 0.15;
    }
  }

  @Nested
  class Bytes extends QuantizerContract {
    @Override
    int[] dimensions() {
      return new int[] {3, 1, 2, 8, 17, 31, 100};
    }

    @Override
    Quantizer quantizer(List<List<float[]>> partitions) {
      return new ByteQuantizer(Metric.EUCLID);
    }

    @Override
    double meanError() {
      return 0.15;
    }
  }

  @Nested
  class ManhattanBytes extends QuantizerContract {
    @Override
    int[] dimensions() {
      return new int[] {16, 1, 2, 5, 64, 128, 384};
    }

    @Override
    Quantizer quantizer(List<List<float[]>> partitions) {
      return new ByteQuantizer(Metric.MANHATTAN);
    }

    @Override
    Metric metric() {
      return Metric.MANHATTAN;
    }

    @Override
    double meanError() {
      return 0.05;
    }
  }

  /// As many bits as values, in random directions.
  @Nested
  class Learned extends QuantizerContract {
    @Override
    int[] dimensions() {
      return new int[] {64, 129, 200};
    }

    @Override
    Quantizer quantizer(List<List<float[]>> partitions) {
      List<float[]> rows = partitions.stream().flatMap(List::stream).toList();
      return new LearnedQuantizer(
          Projections.orthonormal(new Seed(5).random(), rows, rows.getFirst().length, 3));
    }

    @Override
    double meanError() {
      return 0.5;
    }

    /// Rows of a partition share a part of their errors.
    @Override
    double leastAtOne() {
      return 0.6;
    }
  }

  /// Fewer bits than values, along the main directions.
  @Nested
  class LearnedOfFewBits extends QuantizerContract {
    @Override
    int[] dimensions() {
      return new int[] {64, 100};
    }

    @Override
    Quantizer quantizer(List<List<float[]>> partitions) {
      List<float[]> rows = partitions.stream().flatMap(List::stream).toList();
      return new LearnedQuantizer(Projections.principal(new Seed(6).random(), rows, 40));
    }

    @Override
    double meanError() {
      return 0.5;
    }

    /// Estimates that are right for what is near make up for what has no bit, and are too large for
    /// what is far: bounds of far rows fail more often, and those rows are no hits.
    @Override
    double leastAtOne() {
      return 0.5;
    }

    @Override
    double leastAtThree() {
      return 0.97;
    }
  }

  @Test
  void projectionsOfOtherDimensionsAreRefused() {
    BinaryProjection projection = new BinaryProjection(3, new float[6], new float[2]);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new LearnedQuantizer(projection)
                    .encode(new int[] {0, 1}, new float[1][5], _ -> new float[5]))
        .withMessageContaining("3 values, rows have 5");
  }

  @Test
  void bytesAreOfSumsOfDifferences() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ByteQuantizer(Metric.DOT))
        .withMessageContaining("DOT");
  }
}
