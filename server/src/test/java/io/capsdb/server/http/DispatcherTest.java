package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.CollectionConfig;
import io.capsdb.Database;
import io.capsdb.StorageException;
import io.capsdb.io.NoRoomException;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What becomes of what handlers throw, where a real server cannot be made to throw it.
class DispatcherTest {
  private final Logger logger = Logger.getLogger(Dispatcher.class.getName());
  private final Database database = Database.inMemory();
  private final Dispatcher dispatcher = new Dispatcher(7);

  @BeforeEach
  void quiet() {
    logger.setUseParentHandlers(false);
    database.createCollection("films", CollectionConfig.of(4, Metric.DOT));
  }

  @AfterEach
  void close() {
    logger.setUseParentHandlers(true);
    database.close();
  }

  private Answer answer(String collection, Supplier<Answer> handler) {
    Metrics metrics = new Metrics();
    Call call =
        new Call(
            database,
            HttpConfig.defaults("0.1.0"),
            Map.of("collection_name", collection),
            QueryString.parse(""),
            new byte[0],
            java.io.InputStream.nullInputStream(),
            Map.of(),
            0,
            () -> false,
            metrics,
            new ShadowChecks(metrics));
    Route route = Route.get("test", "/collections/{collection_name}", _ -> handler.get());
    return dispatcher.answer(route, call);
  }

  private static String text(Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  private static Supplier<Answer> closedAtFirst(AtomicInteger runs, int times) {
    return () -> {
      if (runs.incrementAndGet() <= times) {
        throw new IllegalStateException("collection 'films' is closed");
      }
      return Answer.text(200, "done");
    };
  }

  @Test
  void aRequestGoesToTheCollectionThatWasMadeAnew() {
    AtomicInteger runs = new AtomicInteger();
    assertThat(answer("films", closedAtFirst(runs, 1)).status()).isEqualTo(200);
    assertThat(runs).hasValue(2);
  }

  @Test
  void aWrongStateThatStaysIsAFault() {
    AtomicInteger runs = new AtomicInteger();
    Answer answer = answer("films", closedAtFirst(runs, 9));
    assertThat(answer.status()).isEqualTo(500);
    assertThat(text(answer)).doesNotContain("closed");
    assertThat(runs).hasValue(2);
  }

  @Test
  void aCollectionThatWasDroppedIsNotThere() {
    AtomicInteger runs = new AtomicInteger();
    assertThat(answer("gone", closedAtFirst(runs, 9)).status()).isEqualTo(404);
    assertThat(runs).hasValue(1);
  }

  @Test
  void aFullDiskIsToldWithoutItsPath() {
    Answer answer =
        answer(
            "films",
            () -> {
              throw new StorageException("cannot write /var/lib/x", new IOException("no space"));
            });
    assertThat(answer.status()).isEqualTo(507);
    assertThat(text(answer)).doesNotContain("/var", "space").contains("7-1");
  }

  @Test
  void whatHasNoRoomOnTheDiskIsToldAsItIs() {
    Answer answer =
        answer(
            "films",
            () -> {
              throw new StorageException("9 bytes are free", new NoRoomException("9 bytes"));
            });
    assertThat(answer.status()).isEqualTo(507);
    assertThat(text(answer)).contains("Insufficient storage: 9 bytes are free");
  }

  @Test
  void errorsOfTheMachineAreFaultsOfOneRequest() {
    Answer answer =
        answer(
            "films",
            () -> {
              throw new OutOfMemoryError("Java heap space");
            });
    assertThat(answer.status()).isEqualTo(500);
    assertThat(text(answer)).doesNotContain("heap");
  }
}
