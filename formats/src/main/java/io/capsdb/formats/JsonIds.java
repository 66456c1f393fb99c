package io.capsdb.formats;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.filter.FilterLimits;
import io.capsdb.point.IdSet;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/// Ids of points as JSON: whole numbers from 0 to 2^64 - 1, and UUIDs as strings.
public final class JsonIds {
  private static final int UUID_DIGITS = 32;
  private static final int MAX_DIGITS = 20;

  private JsonIds() {}

  /// The id at which the parser stands.
  ///
  /// @throws JsonFormatException if it is none
  /// @throws Json.OutOfBoundsException if it is a number out of bounds
  public static PointId read(JsonParser in) throws IOException {
    boolean isNumber = in.currentToken() == JsonToken.VALUE_NUMBER_INT;
    if (!isNumber && in.currentToken() != JsonToken.VALUE_STRING) {
      throw Json.error(
          in,
          "expected an id (a whole number or a UUID), found " + Json.describe(in.currentToken()));
    }
    String text = in.getText();
    if (isNumber && (text.startsWith("-") || text.length() > MAX_DIGITS)) {
      throw outOfBounds(in, text);
    }
    if (!isNumber && text.length() < UUID_DIGITS) {
      throw Json.error(in, "id \"" + Json.shorten(text) + "\" is not a UUID");
    }
    try {
      return PointId.parse(text);
    } catch (IllegalArgumentException e) {
      if (isNumber) {
        throw outOfBounds(in, text);
      }
      throw Json.error(in, "id \"" + Json.shorten(text) + "\" is not a UUID");
    }
  }

  private static Json.OutOfBoundsException outOfBounds(JsonParser in, String text) {
    return new Json.OutOfBoundsException(
        Json.path(in),
        "value " + Json.shorten(text) + " invalid, must be from 0 to 18446744073709551615");
  }

  /// A list of ids of at most [FilterLimits#MAX_VALUES].
  static IdSet readSet(JsonParser in) throws IOException {
    Json.require(in, JsonToken.START_ARRAY, "an array of ids");
    List<PointId> ids = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (ids.size() == FilterLimits.MAX_VALUES) {
        throw new Json.OutOfBoundsException(
            Json.path(in), "at most " + FilterLimits.MAX_VALUES + " ids are allowed");
      }
      ids.add(read(in));
    }
    return IdSet.of(ids);
  }

  /// Base64 of the portable form of a RoaringBitmap of 32-bit numbers.
  public static IdSet readBitmap(JsonParser in) throws IOException {
    String text = Json.string(in);
    RoaringBitmap bitmap = new RoaringBitmap();
    int length;
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text));
      length = bytes.remaining();
      bitmap.deserialize(bytes);
    } catch (IOException | RuntimeException e) {
      throw Json.error(in, "it is not the base64 form of a portable RoaringBitmap");
    }
    if (bitmap.serializedSizeInBytes() != length) {
      throw Json.error(in, "there are bytes after the bitmap, or too many in it");
    }
    if (!bitmap.validate()) {
      throw Json.error(in, "the bitmap contradicts itself");
    }
    return IdSet.of(bitmap);
  }
}
