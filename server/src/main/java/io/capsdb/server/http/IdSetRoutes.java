package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.Collection;
import io.capsdb.IdSetNotFoundException;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonIds;
import io.capsdb.point.IdSet;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.roaringbitmap.RoaringBitmap;

/// Sets of ids that a collection keeps by name, for filters.
final class IdSetRoutes {
  private IdSetRoutes() {}

  static List<Route> all() {
    String sets = "/collections/{collection_name}/idsets";
    return List.of(
        Route.get("list_idsets", sets, IdSetRoutes::list),
        Route.get("get_idset", sets + "/{idset_name}", IdSetRoutes::show),
        Route.write("put_idset", "PUT", sets + "/{idset_name}", IdSetRoutes::put),
        Route.delete("delete_idset", sets + "/{idset_name}", IdSetRoutes::drop));
  }

  private static Answer list(Call call) {
    Map<String, IdSet> sets = call.collection().idSets();
    return Answers.ok(
        call,
        out -> {
          out.writeStartObject();
          out.writeArrayFieldStart("idsets");
          for (Map.Entry<String, IdSet> set : sets.entrySet()) {
            out.writeStartObject();
            writeHead(set.getKey(), set.getValue(), out);
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeEndObject();
        });
  }

  /// With its ids, in the form in which they are put, where `with_ids` is true.
  private static Answer show(Call call) {
    boolean hasIds = call.query().flag("with_ids", false);
    String name = call.parameter("idset_name");
    IdSet ids = call.collection().idSets().get(name);
    if (ids == null) {
      throw new IdSetNotFoundException("there is no id set '" + Json.shorten(name) + "'");
    }
    return Answers.ok(
        call,
        out -> {
          out.writeStartObject();
          writeHead(name, ids, out);
          if (hasIds) {
            writeIds(ids, out);
          }
          out.writeEndObject();
        });
  }

  private static void writeHead(String name, IdSet ids, JsonGenerator out) throws IOException {
    out.writeStringField("name", name);
    out.writeNumberField("count", ids.count());
  }

  private static void writeIds(IdSet ids, JsonGenerator out) throws IOException {
    RoaringBitmap numbers = ids.numbers();
    ByteBuffer bytes = ByteBuffer.allocate(numbers.serializedSizeInBytes());
    numbers.serialize(bytes);
    out.writeStringField("bitmap", Base64.getEncoder().encodeToString(bytes.array()));
    out.writeArrayFieldStart("ids");
    for (PointId id : ids.others().stream().sorted().toList()) {
      switch (id) {
        case PointId.Numeric number -> out.writeNumber(number.toString());
        case PointId.Uuid uuid -> out.writeString(uuid.toString());
      }
    }
    out.writeEndArray();
  }

  private static Answer put(Call call) {
    call.query().requireWriteOptions();
    Collection collection = call.collection();
    String name = call.parameter("idset_name");
    IdSet ids = RequestReader.read(call, IdSetRoutes::read);
    collection.putIdSet(name, ids);
    return Answers.ok(
        call,
        out -> {
          out.writeStartObject();
          writeHead(name, ids, out);
          out.writeEndObject();
        });
  }

  private static IdSet read(JsonParser in) throws IOException {
    IdSet ids = IdSet.empty();
    boolean isGiven = false;
    for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
      in.nextToken();
      ids =
          switch (key) {
            case "ids" -> ids.or(readIds(in));
            case "bitmap" -> ids.or(JsonIds.readBitmap(in));
            default -> throw RequestReader.unknown(in, key, "an id set has ids and bitmap");
          };
      isGiven = true;
    }
    if (!isGiven) {
      throw Json.error(in, "ids or bitmap is missing");
    }
    return ids;
  }

  /// As many as a body holds.
  private static IdSet readIds(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_ARRAY, "an array of ids");
    List<PointId> ids = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      ids.add(JsonIds.read(in));
    }
    return IdSet.of(ids);
  }

  private static Answer drop(Call call) {
    call.query().requireWriteOptions();
    boolean isDropped = call.collection().dropIdSet(call.parameter("idset_name"));
    return Answers.ok(call, out -> out.writeBoolean(isDropped));
  }
}
