package io.capsdb.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.capsdb.formats.JsonFilters;
import io.capsdb.formats.JsonFormatException;
import io.capsdb.formats.RowSource;
import io.capsdb.formats.RowSources;
import io.capsdb.point.PointId;
import io.capsdb.server.client.RestClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "search",
    description = "Shows the points nearest to a vector, under a filter.",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  capsdb search --collection docs --vector '[0.1, 0.2, 0.3]' --limit 5",
      "  capsdb search --collection fashion --id 7 \\",
      "      --filter '{\"must\":[{\"key\":\"name\",\"match\":{\"value\":\"Coat\"}}]}' --explain",
      "  capsdb search --collection films --row queries.npy:0 \\",
      "      --filter '{\"must\":[{\"key\":\"year\",\"range\":{\"gte\":1990,\"lt\":2000}}],",
      "                 \"must_not\":[{\"key\":\"genres\",\"match\":{\"any\":[\"Drama\",\"War\"]}}]}'",
      "  capsdb search --collection products --model texts.model --text 'toy' \\",
      "      --filter '{\"must\":[{\"key\":\"price\",\"range\":{\"lt\":500}}]}'",
      "",
      "Conditions: match value/any/except, range (numbers and date-times), is_empty and is_null,",
      "combined by must, should, must_not and min_should."
    })
final class SearchCommand implements Callable<Integer> {
  private static final int MAX_LIMIT = 10_000;

  private final Machine machine;

  @Mixin private ServerAddress address = new ServerAddress();

  @Option(names = "--vector", paramLabel = "JSON", description = "search near this vector: '[…]'")
  private Optional<String> vector = Optional.empty();

  @Option(names = "--id", paramLabel = "ID", description = "search near this stored point")
  private Optional<String> id = Optional.empty();

  @Option(
      names = "--row",
      paramLabel = "FILE:N",
      description = "search near row N (from 0) of a vector file")
  private Optional<String> row = Optional.empty();

  @Option(
      names = "--text",
      paramLabel = "TEXT",
      description = "search near this text, by --model or --onnx")
  private Optional<String> text = Optional.empty();

  @Option(
      names = "--image",
      paramLabel = "FILE",
      description = "search near this image, or row N of an idx file (FILE:N), by --model")
  private Optional<Path> image = Optional.empty();

  @Option(names = "--model", paramLabel = "FILE", description = "model that encodes the query")
  private Optional<Path> model = Optional.empty();

  @Option(names = "--onnx", paramLabel = "FILE", description = "ONNX model that encodes a text")
  private Optional<Path> onnx = Optional.empty();

  @Option(names = "--tokenizer", paramLabel = "FILE", description = "tokenizer.json for --onnx")
  private Optional<Path> tokenizer = Optional.empty();

  @Option(names = "--filter", paramLabel = "JSON", description = "what hits must satisfy")
  private Optional<String> filter = Optional.empty();

  @Option(
      names = "--limit",
      paramLabel = "K",
      defaultValue = "10",
      description = "most hits (default: ${DEFAULT-VALUE})")
  private int limit;

  @Option(names = "--exact", description = "score all matching points")
  private boolean isExact;

  @Option(names = "--explain", description = "show the plan that ran")
  private boolean isExplained;

  @Option(names = "--json", description = "print the server's result as it is")
  private boolean isJson;

  SearchCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new UsageException(
          "--limit: value " + limit + " invalid, must be from 1 to " + MAX_LIMIT);
    }
    if (Stream.of(vector, id, row, text, image).filter(Optional::isPresent).count() != 1) {
      throw new UsageException("give one of --vector, --id, --row, --text and --image");
    }
    try (RestClient client = address.connect(machine.pause())) {
      ObjectNode body = RestClient.object();
      body.set("query", query(client));
      if (filter.isPresent()) {
        body.set("filter", filter(client, filter.get()));
      }
      body.put("limit", limit).put("with_payload", true);
      ObjectNode params = body.putObject("params");
      params.put("exact", isExact);
      if (isExplained) {
        params.putObject("caps").put("explain", true);
      }
      show(client.query(address.collection(), body));
    }
    return 0;
  }

  private void show(JsonNode result) {
    var out = machine.screen().out();
    if (isJson) {
      out.println(result.toPrettyString());
      return;
    }
    if (result.path("points").isEmpty()) {
      out.println("no point matches");
    } else {
      HitTable.of(result.path("points")).forEach(out::println);
    }
    if (isExplained) {
      out.println();
      PlanText.of(result.path("caps")).forEach(out::println);
    }
  }

  private JsonNode query(RestClient client) throws IOException {
    if (vector.isPresent()) {
      return vector(client, vector.get());
    }
    if (id.isPresent()) {
      try {
        return RestClient.id(PointId.parse(id.get()));
      } catch (IllegalArgumentException e) {
        throw new UsageException("--id: " + e.getMessage());
      }
    }
    return row.isPresent() ? row(row.get()) : encoded();
  }

  private JsonNode encoded() throws IOException {
    if (model.isPresent() == onnx.isPresent()) {
      throw new UsageException("--text and --image need a model: give one of --model and --onnx");
    }
    QueryEncoder encoder =
        ServiceLoader.load(QueryEncoder.class)
            .findFirst()
            .orElseThrow(
                () ->
                    new UsageException(
                        "--text and --image need the module embeddings, which is not here"));
    return array(
        encoder.encode(machine, new QueryEncoder.Request(model, onnx, tokenizer, text, image)));
  }

  private static JsonNode array(float[] values) {
    ArrayNode array = RestClient.object().putArray("vector");
    for (float value : values) {
      array.add(value);
    }
    return array;
  }

  private static JsonNode vector(RestClient client, String text) {
    JsonNode node;
    try {
      node = client.parse(text);
    } catch (IOException e) {
      throw new UsageException("--vector: it is not JSON: " + firstLine(e));
    }
    if (!node.isArray() || node.isEmpty()) {
      throw new UsageException("--vector: it must be an array of numbers, like [0.1, 0.2]");
    }
    for (int i = 0; i < node.size(); i++) {
      if (!node.get(i).isNumber()) {
        throw new UsageException("--vector: [" + i + "] is " + node.get(i) + ", not a number");
      }
    }
    return node;
  }

  private static JsonNode filter(RestClient client, String text) {
    try {
      JsonFilters.read(text);
      return client.parse(text);
    } catch (JsonFormatException e) {
      throw new UsageException("--filter: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new UsageException("--filter: " + e.getMessage());
    } catch (IOException e) {
      throw new UsageException("--filter: it is not JSON: " + firstLine(e));
    }
  }

  private static String firstLine(IOException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private JsonNode row(String place) throws IOException {
    int colon = place.lastIndexOf(':');
    if (colon < 1 || !place.substring(colon + 1).matches("[0-9]{1,18}")) {
      throw new UsageException("--row: '" + place + "' is not FILE:N, like queries.npy:0");
    }
    long wanted = Long.parseLong(place.substring(colon + 1));
    try (RowSource rows = RowSources.open(machine.disk(), Path.of(place.substring(0, colon)))) {
      long count = 0;
      for (Optional<RowSource.Row> next = rows.next(); next.isPresent(); next = rows.next()) {
        if (next.get().number() == wanted) {
          return vector(next.get());
        }
        count++;
      }
      throw new UsageException("--row: row " + wanted + ", but there are " + count + " rows");
    }
  }

  private static JsonNode vector(RowSource.Row found) {
    float[] values = found.vector();
    if (found.rejection().isPresent()) {
      throw new UsageException("--row: " + found.rejection().get());
    }
    if (values == null) {
      throw new UsageException("--row: row " + found.number() + " has no vector");
    }
    return array(values);
  }
}
