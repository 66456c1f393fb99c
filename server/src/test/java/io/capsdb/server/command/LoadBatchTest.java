package io.capsdb.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.CollectionConfig;
import io.capsdb.filter.Filter;
import io.capsdb.formats.RowSource;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.server.client.RestClient;
import io.capsdb.vector.Metric;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoadBatchTest {
  /// The loader's own checks keep such rows out; the server may know more than the loader.
  @Test
  void rowsThatTheServerRefusesAreFoundAmongTheGoodOnes() throws Exception {
    try (TestServer server = new TestServer();
        RestClient client = new RestClient(URI.create(server.url()), Thread::sleep)) {
      server.database().createCollection("c", CollectionConfig.of(2, Metric.COSINE));
      LoadBatch batch = new LoadBatch(50);
      for (int i = 0; i < 50; i++) {
        float[] vector = i == 7 || i == 31 ? new float[3] : new float[] {i + 1, 1};
        batch.add(
            PointId.of(i),
            new RowSource.Row(
                i, 100 + i, Optional.empty(), vector, Payload.empty(), Optional.empty()));
      }
      assertThat(batch.send(client, "c"))
          .extracting(LoadBatch.Reject::line)
          .containsExactly(107L, 131L);
      assertThat(batch.lastRow()).isEqualTo(49);
      assertThat(server.collection("c").count(Filter.ALL)).isEqualTo(48);
    }
  }
}
