package io.capsdb.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Route table and document say the same, and the document's own examples fit its schemas.
class ApiDocumentTest {
  private final ApiDocument document = new ApiDocument();

  @Test
  void everyRouteIsInTheDocumentAndEveryOperationIsServed() {
    Set<String> served =
        Routes.all(new InFlight(), new byte[0]).stream()
            .map(route -> route.method() + " " + route.path() + " " + route.operation())
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> documented =
        document.operations().stream()
            .map(each -> each.method() + " " + each.path() + " " + each.id())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(served).hasSizeGreaterThanOrEqualTo(20).isEqualTo(documented);
  }

  @Test
  void operationsTakeABodyWhereTheirRoutesDo() {
    for (Route route : Routes.all(new InFlight(), new byte[0])) {
      assertThat(document.operation(route.operation()).node().has("requestBody"))
          .as(route.operation())
          .isEqualTo(route.hasBody());
    }
  }

  @Test
  void everyOperationHasExamplesThatFitItsSchemas() {
    int checked = 0;
    for (ApiDocument.Operation operation : document.operations()) {
      JsonNode body = operation.node().at("/requestBody/content/application~1json");
      if (!body.isMissingNode()) {
        assertThat(body.get("examples")).as(operation.id()).isNotEmpty();
        for (JsonNode example : body.get("examples")) {
          document.requireFit(body.get("schema"), example.get("value"), operation.id());
          checked++;
        }
      }
      JsonNode ok = document.resolve(operation.node().at("/responses/200"));
      for (JsonNode content : ok.get("content")) {
        assertThat(content.has("example")).as(operation.id()).isTrue();
        document.requireFit(content.get("schema"), content.get("example"), operation.id());
        checked++;
      }
    }
    assertThat(checked).isGreaterThan(30);
  }

  /// The examples are no decoration: sent to a server, they work.
  @Test
  void theExamplesOfRequestsAreServed() {
    try (ApiClient client = new ApiClient()) {
      for (ApiDocument.Operation operation : document.operations()) {
        for (JsonNode example :
            operation.node().at("/requestBody/content/application~1json/examples")) {
          JsonNode value = example.get("value");
          boolean isNamed = value.toString().contains("image");
          String name =
              operation.id().equals("create_collection") ? "new" : isNamed ? "two" : "one";
          prepare(client);
          String path =
              operation.path().replace("{collection_name}", name).replace("{idset_name}", "seen");
          assertThat(client.send(operation.method(), path, value.toString()).status())
              .as("%s %s", operation.id(), value)
              .isEqualTo(200);
        }
      }
    }
  }

  private static void prepare(ApiClient client) {
    for (String name : List.of("one", "two", "new")) {
      client.delete("/collections/" + name);
    }
    client.put(
        "/collections/one",
        "{'vectors':{'size':4,'distance':'Cosine'},'sparse_vectors':{'words':{'modifier':'idf'}}}");
    client.put(
        "/collections/one/points?wait=true",
        "{'points':[{'id':1,'vector':[0.1,0.2,0.3,0.4],'payload':{'city':'Berlin'}}]}");
    client.post("/collections/one/snapshots", "");
    client.put("/collections/two", "{'vectors':{'image':{'size':4,'distance':'Dot'}}}");
  }
}
