package io.capsdb.server.http;

import io.capsdb.Collection;
import io.capsdb.CollectionStatus;
import io.capsdb.Database;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/// All numbers in the text form of Prometheus: what the database holds, and what was counted.
///
/// @param isAnonymous whether collections are told apart by numbers instead of names
/// @param isPerCollection whether there are numbers of single collections at all
/// @param isCancelled asked between collections
record MetricsText(
    Database database,
    HttpConfig config,
    boolean isAnonymous,
    boolean isPerCollection,
    BooleanSupplier isCancelled) {
  private static final Pattern COLLECTION = Pattern.compile("([{,])collection=\"([^\"]*)\"");

  String write(Metrics metrics) {
    StringBuilder text = new StringBuilder(4_096);
    head(text, "app_info", "gauge", "what answers here");
    text.append("app_info{name=\"capsdb\",version=\"").append(config.version()).append("\"} 1\n");
    head(text, "collections_total", "gauge", "number of collections");
    text.append("collections_total ").append(database.collectionNames().size()).append('\n');
    if (isPerCollection) {
      writeCollections(metrics, text);
    }
    for (String line : metrics.text().split("(?<=\n)", -1)) {
      var found = COLLECTION.matcher(line);
      if (!found.find()) {
        text.append(line);
      } else if (isPerCollection) {
        String name = shown(metrics, found.group(2));
        text.append(line, 0, found.start(2)).append(name).append(line, found.end(2), line.length());
      }
    }
    return text.toString();
  }

  private String shown(Metrics metrics, String name) {
    return isAnonymous ? metrics.pseudonym(name) : name;
  }

  private void writeCollections(Metrics metrics, StringBuilder text) {
    StringBuilder red = new StringBuilder();
    StringBuilder full = new StringBuilder();
    head(text, "collection_points", "gauge", "points by collection");
    for (String name : database.collectionNames()) {
      if (isCancelled.getAsBoolean()) {
        throw new Problem(408, "the numbers were given up: they took longer than the timeout");
      }
      Optional<CollectionStatus> status = status(name);
      if (status.isPresent()) {
        String id = "{id=\"" + shown(metrics, name) + "\"} ";
        text.append("collection_points").append(id).append(status.get().points()).append('\n');
        boolean isRed = status.get().state() == CollectionStatus.State.RED;
        red.append("collection_red").append(id).append(isRed ? 1 : 0).append('\n');
        boolean isFull = status.get().isFull();
        full.append("collection_disk_full").append(id).append(isFull ? 1 : 0).append('\n');
      }
    }
    Set<String> damaged = new TreeSet<>(database.damagedCollections().keySet());
    for (String name : damaged) {
      red.append("collection_red{id=\"").append(shown(metrics, name)).append("\"} 1\n");
    }
    head(text, "collection_red", "gauge", "1 where the disk failed or a file is damaged");
    text.append(red);
    head(text, "collection_disk_full", "gauge", "1 where no points are taken for lack of room");
    text.append(full);
  }

  /// Empty where it was dropped meanwhile.
  private Optional<CollectionStatus> status(String name) {
    try {
      return database.find(name).map(Collection::status);
    } catch (IllegalStateException e) {
      return Optional.empty();
    }
  }

  static void head(StringBuilder text, String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }
}
