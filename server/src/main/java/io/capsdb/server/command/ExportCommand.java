package io.capsdb.server.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.capsdb.formats.FileOutput;
import io.capsdb.server.client.CollectionState;
import io.capsdb.server.client.RestClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "export",
    description = "Writes all points of a collection to a file that 'capsdb load' reads.",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  capsdb export --collection films --output films.jsonl.gz",
      "  capsdb load --collection copy --vectors films.jsonl.gz",
      "",
      "One line a point, by id: {\"id\":1,\"vector\":[…],\"payload\":{…}}. The file gets its name when",
      "it is whole. Vectors of a Cosine collection are written as stored: with length 1. Several",
      "vectors, or sparse ones, are an object by name: {\"image\":[…],\"words\":{\"indices\":[…],",
      "\"values\":[…]}}. What a collection is set to (distances, idf) is not in the file: for a copy",
      "of the same settings, create it before the load."
    })
final class ExportCommand implements Callable<Integer> {
  private static final int PAGE = 256;

  private final Machine machine;

  @Mixin private ServerAddress address = new ServerAddress();

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "the file to write, .jsonl or .jsonl.gz")
  private Path output = Path.of("");

  @Option(names = "--force", description = "replace the file if it exists")
  private boolean isForced;

  ExportCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    String name = String.valueOf(output.getFileName());
    if (!name.matches(".*\\.(jsonl|ndjson)(\\.gz)?")) {
      throw new UsageException("--output: '" + output + "' must end with .jsonl or .jsonl.gz");
    }
    if (!isForced && machine.disk().exists(output)) {
      throw new UsageException("--output: " + output + " exists; --force replaces it");
    }
    try (RestClient client = address.connect(machine.pause())) {
      CollectionState state =
          client
              .collection(address.collection())
              .orElseThrow(
                  () -> new IOException("collection '" + address.collection() + "' doesn't exist"));
      export(client, state.points());
    }
    return 0;
  }

  private void export(RestClient client, long total) throws IOException, InterruptedException {
    Screen screen = machine.screen();
    Progress progress = new Progress(screen, machine.nanoClock(), "exporting", "points");
    long written = 0;
    try (FileOutput out = FileOutput.create(machine.disk(), output)) {
      Optional<JsonNode> offset = Optional.empty();
      do {
        ObjectNode request =
            RestClient.object()
                .put("limit", PAGE)
                .put("with_payload", true)
                .put("with_vector", true);
        offset.ifPresent(from -> request.set("offset", from));
        JsonNode page = client.scroll(address.collection(), request);
        for (JsonNode point : page.path("points")) {
          out.write((line(point) + "\n").getBytes(StandardCharsets.UTF_8));
          written++;
        }
        JsonNode next = page.path("next_page_offset");
        offset = next.isNull() || next.isMissingNode() ? Optional.empty() : Optional.of(next);
        progress.show(
            written,
            OptionalLong.of(total),
            total == 0 ? 1 : Math.min(1, (double) written / total));
      } while (offset.isPresent());
      out.commit();
    } finally {
      progress.clear();
    }
    screen
        .out()
        .printf(
            Locale.ROOT,
            "exported %,d points of '%s' to %s in %.1f s%n",
            written,
            address.collection(),
            output,
            progress.seconds());
  }

  /// Id, vector and payload alone, and no field that is null.
  private static String line(JsonNode point) {
    ObjectNode line = RestClient.object();
    for (String field : new String[] {"id", "vector", "payload"}) {
      JsonNode value = point.path(field);
      if (!value.isMissingNode() && !value.isNull()) {
        line.set(field, value);
      }
    }
    return line.toString();
  }
}
