package io.capsdb.caps.code;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.index.QueryMemo;
import io.capsdb.io.MemoryParts;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SharedFrameTest {
  private static final int DIMENSION = 64;

  /// Rows far apart, each the centroid of its own partition, moved in all values.
  private static BinaryCodes codes(long seed, float moved, Optional<RowCodes> like) {
    List<float[]> rows = TestData.clustered(new Seed(seed).random(), 200, DIMENSION).vectors();
    float[][] centroids = rows.toArray(float[][]::new);
    int[] starts = new int[centroids.length + 1];
    for (int i = 0; i < centroids.length; i++) {
      starts[i + 1] = i + 1;
      for (int j = 0; j < DIMENSION; j++) {
        centroids[i][j] += moved;
      }
    }
    MemoryParts parts = new MemoryParts();
    try {
      new BinaryQuantizer()
          .encode(starts, centroids, row -> centroids[row].clone(), like)
          .write(parts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return (BinaryCodes) Quantizer.read(parts, starts, centroids).orElseThrow();
  }

  private static BinaryQuery query(BinaryCodes codes, float[] query, QueryMemo memo) {
    return (BinaryQuery) codes.query(query, 1, memo);
  }

  @Test
  void segmentsInOneFrameShareTheCodeOfAQuery() {
    BinaryCodes first = codes(1, 0, Optional.empty());
    BinaryCodes second = codes(1, 0.05f, Optional.of(first));
    BinaryCodes alone = codes(1, 0.05f, Optional.empty());
    float[] vector = TestData.around(new Seed(3).random(), new float[DIMENSION], 1);
    QueryMemo memo = new QueryMemo();
    assertThat(query(second, vector, memo).code()).isSameAs(query(first, vector, memo).code());
    assertThat(query(alone, vector, memo).code()).isNotSameAs(query(first, vector, memo).code());
  }

  @Test
  void rowsThatAreFarFromAFrameGetTheirOwn() {
    BinaryCodes first = codes(1, 0, Optional.empty());
    BinaryCodes moved = codes(1, 3, Optional.of(first));
    assertThat(moved.frame()).isNotEqualTo(first.frame());
    assertThat(codes(1, 3, Optional.of(moved)).frame()).isEqualTo(moved.frame());
  }

  @Test
  void anotherFormOrDimensionHasNoFrameToShare() {
    BinaryCodes first = codes(1, 0, Optional.empty());
    int[] starts = {0, 1};
    float[][] centroids = {new float[DIMENSION + 1]};
    MemoryParts parts = new MemoryParts();
    try {
      new BinaryQuantizer()
          .encode(starts, centroids, _ -> new float[DIMENSION + 1], Optional.of(first))
          .write(parts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(((BinaryCodes) Quantizer.read(parts, starts, centroids).orElseThrow()).frame())
        .isNotEqualTo(first.frame());
  }
}
