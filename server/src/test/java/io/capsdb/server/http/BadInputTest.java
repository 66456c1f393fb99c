package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is wrong is refused with a text that names field, value and bound; nothing of it is stored,
/// and the server goes on.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
  private final ApiClient client = new ApiClient();

  @BeforeAll
  void fill() {
    client.fill("films", "Cosine", "[{'id':100,'vector':[1,2,3,4],'payload':{'city':'Berlin'}}]");
  }

  @AfterAll
  void close() {
    client.close();
  }

  @ParameterizedTest
  @MethodSource({
    "io.capsdb.server.http.BadInputCases#points",
    "io.capsdb.server.http.BadInputCases#searches",
    "io.capsdb.server.http.BadInputCases#collections"
  })
  void isRefusedAndNothingIsStored(BadInputCases.Case wrong) {
    ApiClient.Reply reply = wrongReply(wrong);
    assertThat(reply.status()).as(reply.text()).isEqualTo(wrong.status());
    for (String fragment : wrong.fragments()) {
      assertThat(reply.error()).contains(fragment);
    }
    requireNothingInner(reply);
    requireUnchanged();
  }

  /// The request that the URI class of the client refuses to build is sent by the raw client.
  private ApiClient.Reply wrongReply(BadInputCases.Case wrong) {
    if (wrong.path().contains("%zz")) {
      return RawHttp.exchange(
          client.server.port(),
          wrong.method() + " " + wrong.path() + " HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    return client.send(wrong.method(), wrong.path(), wrong.body());
  }

  private static void requireNothingInner(ApiClient.Reply reply) {
    assertThat(reply.text())
        .doesNotContain(
            "Exception", "io.capsdb", "java.", "fasterxml", "io.vertx", "\\tat ", ".java");
    assertThat(reply.text().length()).isLessThan(1_200);
  }

  private void requireUnchanged() {
    assertThat(client.get("/collections").result().toString())
        .isEqualTo("{\"collections\":[{\"name\":\"films\"}]}");
    JsonNode all = client.post(BadInputCases.POINTS + "/scroll", "{'limit':100}").result();
    assertThat(all.toString())
        .isEqualTo(
            "{\"points\":[{\"id\":100,\"payload\":{\"city\":\"Berlin\"}}],"
                + "\"next_page_offset\":null}");
  }

  @Test
  void aBodyThatIsNotUnicodeIsRefused() {
    for (byte[] body :
        List.of(
            new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe, '"', ':', '1', '}'},
            new byte[] {'{', '"', 'p', (byte) 0xc3, '"', ':', '1', '}'},
            new byte[] {0, 0, 0, '{', 0, 0x70, 0, 0},
            new byte[] {(byte) 0xfe, (byte) 0xff, 0, '{'})) {
      ApiClient.Reply reply = client.raw("PUT", BadInputCases.POINTS, body);
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.error()).startsWith(BadInputCases.FORMAT);
      requireNothingInner(reply);
      requireUnchanged();
    }
  }

  @Test
  void aBodyThatIsNotPlainJsonIsRefused() {
    byte[] body = "{\"points\":[]}".getBytes(StandardCharsets.UTF_8);
    for (String type :
        List.of("text/plain", "application/x-www-form-urlencoded", "multipart/form-data")) {
      ApiClient.Reply reply = client.raw("PUT", BadInputCases.POINTS, body, "Content-Type", type);
      assertThat(reply.status()).isEqualTo(415);
      assertThat(reply.error()).contains("Content-Type", "application/json");
    }
    ApiClient.Reply packed =
        client.raw(
            "PUT",
            BadInputCases.POINTS,
            body,
            "Content-Type",
            "application/json",
            "Content-Encoding",
            "gzip");
    assertThat(packed.status()).isEqualTo(415);
    assertThat(packed.error()).contains("Content-Encoding");
    assertThat(
            client
                .raw(
                    "POST",
                    BadInputCases.POINTS + "/count",
                    "{}".getBytes(StandardCharsets.UTF_8),
                    "Content-Type",
                    "application/JSON; charset=utf-8")
                .status())
        .isEqualTo(200);
    requireUnchanged();
  }

  /// Megabytes that are sent are not sent back.
  @Test
  void aTextRepeatsNoLongValues() {
    String longText = "x".repeat(5_000_000);
    for (BadInputCases.Case wrong :
        List.of(
            BadInputCases.query(
                "{'query':[1,2,3,4],'using':'" + longText + "'}", 400, "no vector named"),
            BadInputCases.upsert(
                "{'points':[{'id':'" + longText + "','vector':[1,2,3,4]}]}", 400, "UUID"),
            BadInputCases.upsert(
                "{'points':[{'id':1,'vector':{'" + "x".repeat(4_000) + "':[1]}}]}", 400, "vector"),
            BadInputCases.count(
                "{'must':[{'key':'" + longText + "','match':{'value':1}}]}", 400, "key"))) {
      isRefusedAndNothingIsStored(wrong);
    }
  }
}
