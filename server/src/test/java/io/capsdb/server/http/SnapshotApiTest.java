package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.Point;
import io.capsdb.point.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Snapshots over HTTP: out, in again, and what is no snapshot.
@Timeout(60)
class SnapshotApiTest {
  private static final String FILMS = "/collections/films";
  private static final String BOUNDARY = "a-boundary-of-27-characters";

  @TempDir Path folder;
  private ApiClient client;

  @BeforeEach
  void open() {
    client =
        new ApiClient(
            Database.open(folder, DatabaseOptions.defaults().withMeasuredCosts(false)),
            HttpConfig.defaults("0.1.0-test"));
    client.fill("films", "Dot", "[{'id':1,'vector':[1,2,3,4],'payload':{'title':'Alien'}}]");
  }

  /// As much as is in it.
  @Test
  void whatMakesOrTakesSnapshotsHasTimeOfItsOwn() {
    assertThat(SnapshotRoutes.all().stream().filter(Route::isOfSnapshot).map(Route::operation))
        .containsExactly(
            "create_snapshot", "recover_from_snapshot", "recover_from_uploaded_snapshot");
  }

  @AfterEach
  void close() {
    client.close();
  }

  private JsonNode take() {
    return client.post(FILMS + "/snapshots", "").result();
  }

  private byte[] fetch(String name) {
    return client.get(FILMS + "/snapshots/" + name).response().body();
  }

  private static byte[] form(byte[] file, String field, String before, String after) {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    form.writeBytes(before.getBytes(StandardCharsets.ISO_8859_1));
    form.writeBytes(
        ("--"
                + BOUNDARY
                + "\r\nContent-Disposition: form-data; name=\""
                + field
                + "\"; filename=\"x.snapshot\"\r\nContent-Type: application/octet-stream\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    form.writeBytes(file);
    form.writeBytes(after.getBytes(StandardCharsets.ISO_8859_1));
    return form.toByteArray();
  }

  private static byte[] form(byte[] file) {
    return form(file, "snapshot", "", "\r\n--" + BOUNDARY + "--\r\n");
  }

  private ApiClient.Reply upload(String path, byte[] form) {
    return client.raw(
        "POST", path, form, "Content-Type", "multipart/form-data; boundary=" + BOUNDARY);
  }

  private List<String> ids(String collection) {
    return client
        .post("/collections/" + collection + "/points/scroll", "{}")
        .result()
        .get("points")
        .findValuesAsText("id");
  }

  @Test
  void aFetchedSnapshotHasItsLengthAndChecksum() throws Exception {
    JsonNode made = take();
    String path = FILMS + "/snapshots/" + made.get("name").asText();
    ApiClient.Reply reply = client.get(path);
    byte[] bytes = reply.response().body();
    assertThat(reply.header("Content-Length")).isEqualTo(made.get("size").asText());
    assertThat(bytes).hasSize(made.get("size").asInt());
    String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    assertThat(made.get("checksum").asText()).isEqualTo(sum);
    ApiClient.Reply head = client.send("HEAD", path, "");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.header("Content-Length")).isEqualTo(made.get("size").asText());
  }

  @Test
  void aCollectionGoesBackToASnapshotOfTheServer() {
    JsonNode made = take();
    client.put(FILMS + "/points", "{'points':[{'id':2,'vector':[1,2,3,4]}]}");
    for (String place :
        List.of(
            "file:snapshots/films/", "file://" + folder.toAbsolutePath() + "/snapshots/films/")) {
      for (String into : List.of("films", "again")) {
        assertThat(
                client
                    .put(
                        "/collections/" + into + "/snapshots/recover?wait=true",
                        "{'location':'"
                            + place
                            + made.get("name").asText()
                            + "','checksum':'"
                            + made.get("checksum").asText()
                            + "'}")
                    .result()
                    .asBoolean())
            .isTrue();
        assertThat(ids(into)).containsExactly("1");
        client.put("/collections/" + into + "/points", "{'points':[{'id':3,'vector':[1,2,3,4]}]}");
        assertThat(ids(into)).containsExactly("1", "3");
      }
    }
  }

  @Test
  void nothingButSnapshotsOfTheServerIsRecoveredFrom() {
    take();
    String recover = FILMS + "/snapshots/recover";
    for (String location :
        List.of(
            "file:///etc/passwd",
            "file:catalogue",
            "file:snapshots/films/none.snapshot",
            "file:snapshots/films/..%2f..%2fcatalogue",
            "file:snapshots/../catalogue")) {
      assertThat(client.put(recover, "{'location':'" + location + "'}").status())
          .as(location)
          .isEqualTo(404);
    }
    for (String location :
        List.of("ftp:x", "", "file:%00", "http:x", "http://a b", "http://u:p@h/x")) {
      assertThat(client.put(recover, "{'location':'" + location + "'}").status())
          .as(location)
          .isEqualTo(400);
    }
    assertThat(client.put(recover, "{}").error()).contains("location");
    assertThat(client.put(recover, "{'location':'file:x','priority':'high'}").status())
        .isEqualTo(400);
    assertThat(client.put(recover, "{'location':'file:x','checksum':'zz'}").status())
        .isEqualTo(400);
    assertThat(ids("films")).containsExactly("1");
  }

  @Test
  void aSentSnapshotBecomesACollection() {
    JsonNode made = take();
    byte[] bytes = fetch(made.get("name").asText());
    String other =
        "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nx\r\n";
    for (byte[] form :
        List.of(
            form(bytes),
            form(bytes, "snapshot", "preamble\r\n" + other, "\r\n--" + BOUNDARY + "--"),
            form(
                bytes,
                "snapshot",
                other,
                "\r\n" + other + "--" + BOUNDARY + "--\r\nand an epilogue"))) {
      client.delete("/collections/copy");
      assertThat(
              upload(
                      "/collections/copy/snapshots/upload?priority=snapshot&checksum="
                          + made.get("checksum").asText(),
                      form)
                  .result()
                  .asBoolean())
          .isTrue();
      assertThat(ids("copy")).containsExactly("1");
    }
  }

  @Test
  void whatIsNoWholeSnapshotChangesNothing() {
    JsonNode made = take();
    byte[] bytes = fetch(made.get("name").asText());
    String path = FILMS + "/snapshots/upload";
    client.put(FILMS + "/points", "{'points':[{'id':2,'vector':[1,2,3,4]}]}");
    byte[] damaged = bytes.clone();
    damaged[bytes.length / 2] ^= 1;
    String end = "\r\n--" + BOUNDARY + "--\r\n";
    Map<String, byte[]> forms =
        Map.of(
            "damaged", form(damaged),
            "cut", form(java.util.Arrays.copyOf(bytes, bytes.length - 9)),
            "longer", form(java.util.Arrays.copyOf(bytes, bytes.length + 1)),
            "empty", form(new byte[0]),
            "no snapshot", form("PK\3\4".getBytes(StandardCharsets.ISO_8859_1)),
            "another field", form(bytes, "file", "", end),
            "no end", form(bytes, "snapshot", "", ""),
            "no last end", form(bytes, "snapshot", "", "\r\n--" + BOUNDARY + "\r\n"),
            "no form", "{}".getBytes(StandardCharsets.ISO_8859_1));
    forms.forEach(
        (what, form) -> {
          ApiClient.Reply reply = upload(path, form);
          assertThat(reply.status()).as("%s: %s", what, reply.text()).isEqualTo(400);
        });
    assertThat(upload(path + "?checksum=" + "0".repeat(64), form(bytes)).error())
        .contains("the snapshot's checksum is " + made.get("checksum").asText());
    assertThat(upload(path + "?checksum=1", form(bytes)).status()).isEqualTo(400);
    assertThat(client.raw("POST", path, bytes).status()).isEqualTo(415);
    assertThat(ids("films")).containsExactly("1", "2");
    assertThat(folder.toFile().list((_, name) -> name.startsWith("restoring"))).isEmpty();
    assertThat(upload(path, form(bytes)).status()).isEqualTo(200);
    assertThat(ids("films")).containsExactly("1");
  }

  /// Every place of a form at which a buffer may end.
  @Test
  void aFormIsReadInPiecesOfAnySize() throws IOException {
    byte[] file =
        ("\r\n--a-boundary-of-27-character\r\r\n--a\r\n\r\n" + "x".repeat(40))
            .getBytes(StandardCharsets.ISO_8859_1);
    byte[] form = form(file, "snapshot", "", "\r\n--" + BOUNDARY + "--\r\n");
    for (int piece = 1; piece < form.length; piece++) {
      int size = piece;
      FormFile in =
          FormFile.of(
              new java.io.ByteArrayInputStream(form) {
                @Override
                public synchronized int read(byte[] into, int from, int length) {
                  return super.read(into, from, Math.min(length, size));
                }
              },
              java.util.Optional.of("multipart/form-data; boundary=\"" + BOUNDARY + "\""),
              "snapshot");
      assertThat(in.readAllBytes()).as("pieces of %d", size).isEqualTo(file);
    }
  }

  /// Much larger than a body or an answer may be, and than all bodies together.
  @Test
  void aSnapshotMayBeLargerThanABody() throws Exception {
    HttpConfig config =
        HttpConfig.defaults("0.1.0-test")
            .withMaxBodyBytes(64 << 10)
            .withMaxBodiesInFlightBytes(1 << 20);
    try (ApiClient small =
        new ApiClient(
            Database.open(
                folder.resolve("second"), DatabaseOptions.defaults().withMeasuredCosts(false)),
            config)) {
      small.put("/collections/films", "{'vectors':{'size':256,'distance':'Dot'}}");
      SplittableRandom random = new SplittableRandom(7);
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < 8_000; i++) {
        float[] vector = new float[256];
        for (int d = 0; d < vector.length; d++) {
          vector[d] = random.nextFloat();
        }
        points.add(Point.of(i, vector, Payload.empty()));
      }
      small.database.collection("films").upsert(points);
      JsonNode made = small.post(FILMS + "/snapshots", "").result();
      assertThat(made.get("size").asLong()).isGreaterThan(8L << 20);
      Path file = folder.resolve("fetched");
      HttpResponse<Path> fetched =
          small.http.send(
              HttpRequest.newBuilder(small.uri(FILMS + "/snapshots/" + made.get("name").asText()))
                  .build(),
              HttpResponse.BodyHandlers.ofFile(file));
      assertThat(fetched.statusCode()).isEqualTo(200);
      assertThat(file.toFile()).hasSize(made.get("size").asLong());
      ApiClient.Reply reply =
          small.raw(
              "POST",
              "/collections/copy/snapshots/upload?checksum=" + made.get("checksum").asText(),
              form(java.nio.file.Files.readAllBytes(file)),
              "Content-Type",
              "multipart/form-data; boundary=" + BOUNDARY);
      assertThat(reply.result().asBoolean()).isTrue();
      assertThat(small.database.collection("copy").status().points()).isEqualTo(8_000);
    }
  }

  /// A page of another origin can send a form without asking first.
  @Test
  void formsOfOtherOriginsAreRefusedWhereNoKeyIsNeeded() {
    try (ApiClient closed =
        new ApiClient(Database.inMemory(), HttpConfig.defaults("0.1.0").withCors(false))) {
      ApiClient.Reply reply =
          closed.raw(
              "POST",
              FILMS + "/snapshots/upload",
              form(new byte[0]),
              "Content-Type",
              "multipart/form-data; boundary=" + BOUNDARY,
              "Origin",
              "http://elsewhere.example");
      assertThat(reply.status()).isEqualTo(403);
    }
  }
}
