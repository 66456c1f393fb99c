package io.capsdb.caps.code;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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

  @Test
  void bytesAreOfSumsOfDifferences() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ByteQuantizer(Metric.DOT))
        .withMessageContaining("DOT");
  }
}
