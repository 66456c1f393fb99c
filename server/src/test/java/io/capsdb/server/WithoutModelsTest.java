package io.capsdb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.Database;
import io.capsdb.Point;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.server.command.CommandProvider;
import io.capsdb.server.command.QueryEncoder;
import io.capsdb.server.http.HttpConfig;
import io.capsdb.server.http.HttpServer;
import io.capsdb.vector.Metric;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Server and library need nothing of the module that trains models: this class path has none of
/// it.
class WithoutModelsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ai.djl.engine.Engine",
        "ai.djl.pytorch.engine.PtEngine",
        "ai.djl.huggingface.tokenizers.HuggingFaceTokenizer",
        "ai.onnxruntime.OrtEnvironment",
        "io.capsdb.embeddings.model.Encoder"
      })
  void nothingOfModelsIsOnTheClassPath(String name) {
    assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class);
  }

  @Test
  void servesWithoutThem() throws Exception {
    assertThat(ServiceLoader.load(CommandProvider.class)).isEmpty();
    assertThat(ServiceLoader.load(QueryEncoder.class)).isEmpty();
    try (Database database = Database.inMemory();
        HttpServer server = HttpServer.start(database, HttpConfig.defaults("1").withPort(0));
        HttpClient http = HttpClient.newHttpClient()) {
      Collection collection = database.createCollection("c", CollectionConfig.of(2, Metric.COSINE));
      collection.upsert(List.of(Point.of(PointId.of(1), new float[] {1, 0}, Payload.empty())));
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + server.port() + "/collections/c/points/query"))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString("{\"query\":[1,0]}"))
              .build();
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).contains("\"id\":1");
    }
  }
}
