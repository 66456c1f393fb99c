package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.capsdb.SnapshotInfo;
import io.capsdb.formats.JsonFormatException;
import io.capsdb.io.CorruptFileException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Snapshots of collections: taken, listed, fetched, deleted, and made collections again.
final class SnapshotRoutes {
  /// The field of a form that holds a snapshot.
  static final String FIELD = "snapshot";

  /// What a collection of a snapshot may take on the disk: more than any disk of one machine has
  /// free, so that the disk is the bound.
  private static final long MOST_BYTES = 1L << 50;

  private static final int BUFFER = 64 << 10;

  private SnapshotRoutes() {}

  /// Where a snapshot is.
  ///
  /// @param location a file, or a URL
  /// @param checksum SHA-256 that it must have
  /// @param key of the server that the URL names
  private record Place(String location, Optional<String> checksum, Optional<String> key) {}

  static List<Route> all() {
    String snapshots = "/collections/{collection_name}/snapshots";
    return List.of(
        Route.get("list_snapshots", snapshots, SnapshotRoutes::list),
        new Route(
            "create_snapshot",
            "POST",
            snapshots,
            Route.Place.WRITER,
            Route.Body.COPYING,
            SnapshotRoutes::create),
        new Route(
            "get_snapshot",
            "GET",
            snapshots + "/{snapshot_name}",
            Route.Place.READER,
            Route.Body.ANSWERED,
            SnapshotRoutes::fetch),
        Route.delete("delete_snapshot", snapshots + "/{snapshot_name}", SnapshotRoutes::delete),
        new Route(
            "recover_from_snapshot",
            "PUT",
            snapshots + "/recover",
            Route.Place.WRITER,
            Route.Body.FETCHING,
            SnapshotRoutes::recover),
        new Route(
            "recover_from_uploaded_snapshot",
            "POST",
            snapshots + "/upload",
            Route.Place.WRITER,
            Route.Body.FORM,
            SnapshotRoutes::upload));
  }

  private static Answer list(Call call) {
    List<SnapshotInfo> snapshots = call.database().snapshots(call.collection().name());
    return Answers.ok(
        call,
        out -> {
          out.writeStartArray();
          for (SnapshotInfo snapshot : snapshots) {
            write(snapshot, out);
          }
          out.writeEndArray();
        });
  }

  private static Answer create(Call call) {
    call.query().requireWriteOptions();
    SnapshotInfo snapshot = call.database().createSnapshot(call.collection().name());
    return Answers.ok(call, out -> write(snapshot, out));
  }

  private static void write(SnapshotInfo snapshot, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", snapshot.name());
    out.writeNumberField("size", snapshot.bytes());
    out.writeNullField("creation_time");
    out.writeStringField("checksum", snapshot.checksum().orElse(null));
    out.writeEndObject();
  }

  private static Answer fetch(Call call) {
    String collection = call.collection().name();
    String name = call.parameter("snapshot_name");
    SnapshotInfo info =
        call.database().snapshots(collection).stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new Problem(404, "Not found: there is no such snapshot"));
    InputStream in = call.database().readSnapshot(collection, name);
    return Answer.file(new Answer.Source(info.bytes(), in))
        .with("Content-Disposition", "attachment; filename=\"" + name + "\"");
  }

  private static Answer delete(Call call) {
    call.query().requireWriteOptions();
    call.database().deleteSnapshot(call.collection().name(), call.parameter("snapshot_name"));
    return Answers.ok(call, out -> out.writeBoolean(true));
  }

  /// From a file in the data folder, or from another server. The collection need not be there.
  private static Answer recover(Call call) throws IOException {
    call.query().requireWriteOptions();
    Place place = RequestReader.read(call, SnapshotRoutes::readPlace);
    call.collectionName();
    try (InputStream in = open(call, place)) {
      return restore(call, in, place.checksum());
    }
  }

  private static InputStream open(Call call, Place place) {
    if (SnapshotFetch.isUrl(place.location())) {
      HttpConfig.SnapshotSources sources = call.config().snapshots();
      URI uri = SnapshotFetch.check(place.location(), sources);
      return SnapshotFetch.open(
          uri, place.key(), sources, call.config().deadlines().snapshotMillis());
    }
    return call.database().readSnapshot(file(place.location()));
  }

  private static Path file(String location) {
    String path = location.substring("file:".length()).replaceFirst("^//(?=/)", "");
    try {
      return Path.of(Router.decode(path, "JSON body"));
    } catch (InvalidPathException e) {
      throw new JsonFormatException("location", "it is no path");
    }
  }

  private static Answer upload(Call call) {
    call.query().requireWriteOptions();
    Optional<String> priority = call.query().text("priority");
    priority.ifPresent(each -> requirePriority(each, "query parameters"));
    Optional<String> checksum = call.query().text("checksum");
    checksum.ifPresent(each -> requireChecksum(each, "query parameters"));
    return restore(call, call.stream(), checksum);
  }

  /// The collection is replaced only once all has come and fits its checksums.
  private static Answer restore(Call call, InputStream archive, Optional<String> checksum) {
    InputStream in =
        new BufferedInputStream(
            checksum.isPresent() ? new CheckedBytes(archive, checksum.get()) : archive, BUFFER);
    try {
      call.database().restore(call.collectionName(), in, MOST_BYTES);
    } catch (CorruptFileException e) {
      throw new Problem(400, "Wrong input: " + e.getMessage());
    }
    return Answers.ok(call, out -> out.writeBoolean(true));
  }

  private static Place readPlace(JsonParser in) throws IOException {
    Fields body = Fields.read(in).allowOnly("location", "checksum", "priority", "api_key");
    String location =
        body.text("location")
            .orElseThrow(() -> new JsonFormatException(body.at("location"), "it is missing"));
    Optional<String> key = body.text("api_key");
    if (key.isPresent() && !key.get().matches("[!-~]{1,1024}")) {
      throw new JsonFormatException(
          body.at("api_key"), "it must have 1 to 1024 characters that are visible ASCII");
    }
    body.text("priority").ifPresent(each -> requirePriority(each, "JSON body"));
    Optional<String> checksum = body.text("checksum");
    checksum.ifPresent(each -> requireChecksum(each, "JSON body"));
    if (!location.startsWith("file:") && !SnapshotFetch.isUrl(location)) {
      throw new JsonFormatException(
          body.at("location"),
          "it must be a file of this server, written file:///…, or a URL that begins with http:// or"
              + " https://");
    }
    return new Place(location, checksum, key);
  }

  private static void requirePriority(String priority, String where) {
    if (!List.of("no_sync", "snapshot", "replica").contains(priority)) {
      throw Problem.format(where, "priority: must be no_sync, snapshot or replica");
    }
  }

  private static void requireChecksum(String checksum, String where) {
    if (!checksum.matches("[0-9a-fA-F]{64}")) {
      throw Problem.format(where, "checksum: must be the 64 hexadecimal digits of a SHA-256");
    }
  }

  /// Fails at the end of what is read, before it is taken for good, where its checksum is another.
  private static final class CheckedBytes extends DigestInputStream {
    private final String checksum;

    CheckedBytes(InputStream in, String checksum) {
      super(in, sha256());
      this.checksum = checksum;
    }

    private static MessageDigest sha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has SHA-256", e);
      }
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int count = super.read(into, from, length);
      if (count < 0) {
        String actual = HexFormat.of().formatHex(getMessageDigest().digest());
        if (!actual.equalsIgnoreCase(checksum)) {
          throw new Problem(400, "Wrong input: the snapshot's checksum is " + actual);
        }
      }
      return count;
    }
  }
}
