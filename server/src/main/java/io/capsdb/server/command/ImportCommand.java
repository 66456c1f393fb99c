package io.capsdb.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.capsdb.server.client.RestClient;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "import",
    description = "Copies a collection of another server, Qdrant or CapsDB, point by point.",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  capsdb import --from-qdrant http://old:6333 --collection films",
      "  QDRANT_API_KEY=… capsdb import --from-qdrant https://old:6333 --from films --collection films2",
      "",
      "Vectors, payloads, ids and declared fields are copied; the collection is created when it is",
      "missing. Copying again is harmless: points replace those of the same ids. The other server is",
      "only read; QDRANT_API_KEY is its key, CAPSDB_API_KEY that of this one."
    })
final class ImportCommand implements Callable<Integer> {
  private static final int MAX_BATCH = 10_000;

  private final Machine machine;

  @Mixin private ServerAddress address = new ServerAddress();

  @Option(
      names = "--from-qdrant",
      paramLabel = "URL",
      required = true,
      description = "address of the server to copy from")
  private String source = "";

  @Option(
      names = "--from",
      paramLabel = "NAME",
      description = "its collection; default: the same name")
  private Optional<String> sourceCollection = Optional.empty();

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "256",
      description = "points in one request (default: ${DEFAULT-VALUE})")
  private int batch;

  ImportCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (batch < 1 || batch > MAX_BATCH) {
      throw new UsageException(
          "--batch: value " + batch + " invalid, must be from 1 to " + MAX_BATCH);
    }
    String from = sourceCollection.orElse(address.collection());
    try (RestClient other =
            ServerAddress.connect(
                source, machine.pause(), Optional.ofNullable(System.getenv("QDRANT_API_KEY")));
        RestClient own = address.connect(machine.pause())) {
      JsonNode info = other.info(from);
      prepare(own, info);
      copy(other, from, own, info.path("points_count").asLong());
    }
    return 0;
  }

  /// Creates the collection if it is missing, and declares the fields that were declared.
  private void prepare(RestClient own, JsonNode info) throws IOException, InterruptedException {
    JsonNode params = info.path("config").path("params");
    if (own.collection(address.collection()).isEmpty()) {
      own.createCollection(address.collection(), params);
    }
    for (Map.Entry<String, JsonNode> field : info.path("payload_schema").properties()) {
      JsonNode settings = field.getValue().path("params");
      own.declare(
          address.collection(),
          field.getKey(),
          settings.isObject() ? settings : field.getValue().path("data_type"));
    }
  }

  private void copy(RestClient other, String from, RestClient own, long total)
      throws IOException, InterruptedException {
    Screen screen = machine.screen();
    Progress progress = new Progress(screen, machine.nanoClock(), "importing", "points");
    long copied = 0;
    try {
      Optional<JsonNode> offset = Optional.empty();
      do {
        ObjectNode request =
            RestClient.object()
                .put("limit", batch)
                .put("with_payload", true)
                .put("with_vector", true);
        offset.ifPresent(next -> request.set("offset", next));
        JsonNode page = other.scroll(from, request);
        ObjectNode body = RestClient.object();
        ArrayNode points = body.putArray("points");
        for (JsonNode point : page.path("points")) {
          points.add(plain(point));
        }
        if (!points.isEmpty()) {
          own.upsert(address.collection(), body);
          copied += points.size();
        }
        JsonNode next = page.path("next_page_offset");
        offset = next.isNull() || next.isMissingNode() ? Optional.empty() : Optional.of(next);
        progress.show(
            copied, OptionalLong.of(total), total == 0 ? 1 : Math.min(1, (double) copied / total));
      } while (offset.isPresent());
    } finally {
      progress.clear();
    }
    screen
        .out()
        .printf(
            Locale.ROOT,
            "imported %,d points of '%s' from %s in %.1f s%n",
            copied,
            from,
            source,
            progress.seconds());
  }

  /// Id, vector and payload alone; a point without vectors has none.
  private static ObjectNode plain(JsonNode point) {
    ObjectNode plain = RestClient.object();
    plain.set("id", point.path("id"));
    JsonNode vector = point.path("vector");
    plain.set("vector", vector.isMissingNode() || vector.isNull() ? RestClient.object() : vector);
    if (point.path("payload").isObject()) {
      plain.set("payload", point.path("payload"));
    }
    return plain;
  }
}
