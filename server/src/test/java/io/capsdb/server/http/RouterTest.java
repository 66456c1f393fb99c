package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
  private static final Route GET = Route.get("get", "/collections/{name}", _ -> Answer.empty(204));
  private static final Route EXISTS =
      Route.get("exists", "/collections/{name}/exists", _ -> Answer.empty(204));
  private static final Route ALIASES =
      Route.get("aliases", "/collections/aliases", _ -> Answer.empty(204));
  private final Router router = new Router(List.of(GET, EXISTS, ALIASES));

  @ParameterizedTest
  @ValueSource(
      strings = {"/collections/a/exists", "//collections///a/exists/", "/collections/%61/exists"})
  void slashesAndEncodingDoNotMatter(String path) {
    Router.Match match = router.match("GET", path);
    assertThat(match.route()).isEqualTo(EXISTS);
    assertThat(match.parameters()).isEqualTo(Map.of("name", "a"));
  }

  @Test
  void aWordWinsOverAParameter() {
    assertThat(router.match("GET", "/collections/aliases").route()).isEqualTo(ALIASES);
  }

  @Test
  void headIsServedAsGet() {
    assertThat(router.match("HEAD", "/collections/a").route()).isEqualTo(GET);
  }

  /// A slash that is encoded never becomes a step of the path.
  @Test
  void anEncodedSlashStaysInsideTheParameter() {
    assertThat(router.match("GET", "/collections/..%2f..%2Fetc").parameters())
        .isEqualTo(Map.of("name", "../../etc"));
    assertThatThrownBy(() -> router.match("GET", "/collections/../../etc"))
        .isInstanceOf(Problem.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/collections/%", "/collections/%4", "/collections/%zz", "/collections/%ff"})
  void brokenEncodingIsRefused(String path) {
    assertThatThrownBy(() -> router.match("GET", path))
        .isInstanceOfSatisfying(Problem.class, e -> assertThat(e.status()).isEqualTo(400));
  }

  /// As `curl` sends them: each byte of UTF-8 arrives as a character.
  @Test
  void bytesThatAreNotEncodedAreTheSameAsEncodedOnes() {
    String name = "Per\u00fa \u6587";
    String bytes = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    assertThat(Router.decode(bytes, "path")).isEqualTo(name);
    assertThat(Router.decode(bytes.replace(" ", "%20"), "path")).isEqualTo(name);
    for (String broken : List.of("\u00fa", "Per\u00c3", name)) {
      assertThatThrownBy(() -> Router.decode(broken, "path"))
          .isInstanceOf(Problem.class)
          .hasMessageContaining("Format error in path");
    }
  }

  @Test
  void tellsAnUnknownPathFromAnUnknownMethod() {
    assertThatThrownBy(() -> router.match("GET", "/nowhere"))
        .isInstanceOfSatisfying(Problem.class, e -> assertThat(e.status()).isEqualTo(404));
    assertThatThrownBy(() -> router.match("PATCH", "/collections/a"))
        .isInstanceOfSatisfying(Problem.class, e -> assertThat(e.status()).isEqualTo(405));
    assertThat(router.allowed("/collections/a")).containsExactly("GET", "HEAD");
  }

  @Test
  void twoRoutesForOneRequestAreAMistake() {
    assertThatThrownBy(() -> new Router(List.of(GET, GET)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
