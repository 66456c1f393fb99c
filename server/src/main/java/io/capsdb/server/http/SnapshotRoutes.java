package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.capsdb.SnapshotInfo;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/// Snapshots of collections: taken, listed, fetched, deleted.
final class SnapshotRoutes {
  private SnapshotRoutes() {}

  static List<Route> all() {
    String snapshots = "/collections/{collection_name}/snapshots";
    return List.of(
        Route.get("list_snapshots", snapshots, SnapshotRoutes::list),
        new Route(
            "create_snapshot",
            "POST",
            snapshots,
            Route.Place.WRITER,
            false,
            SnapshotRoutes::create),
        Route.get("get_snapshot", snapshots + "/{snapshot_name}", SnapshotRoutes::fetch),
        Route.delete("delete_snapshot", snapshots + "/{snapshot_name}", SnapshotRoutes::delete));
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
    out.writeNullField("checksum");
    out.writeEndObject();
  }

  /// As a whole, so that a snapshot which is larger than an answer may be is told, not cut.
  private static Answer fetch(Call call) throws IOException {
    String name = call.parameter("snapshot_name");
    int most = (int) Math.min(Integer.MAX_VALUE - 16, call.config().limits().maxAnswerBytes());
    try (InputStream in = call.database().readSnapshot(call.collection().name(), name)) {
      byte[] bytes = in.readNBytes(most);
      if (in.read() >= 0) {
        throw new Problem(
            422,
            "the snapshot has more than "
                + most
                + " bytes, take its file from the folder 'snapshots' of the data folder");
      }
      return new Answer(
          200, "application/octet-stream", bytes, Map.of("Content-Disposition", "attachment"));
    }
  }

  private static Answer delete(Call call) {
    call.query().requireWriteOptions();
    call.database().deleteSnapshot(call.collection().name(), call.parameter("snapshot_name"));
    return Answers.ok(call, out -> out.writeBoolean(true));
  }
}
