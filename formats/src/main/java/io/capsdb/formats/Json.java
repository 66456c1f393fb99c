package io.capsdb.formats;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The one way in which JSON is parsed: strictly, with limits, value by value.
public final class Json {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .disable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(64)
                  .maxNumberLength(400)
                  .maxNameLength(4_096)
                  .maxStringLength(8 << 20)
                  .build())
          .build();

  /// Where the parser goes on about its own settings and objects; nothing follows that helps.
  private static final String[] ASIDES = {
    " (start marker at",
    " (for Object starting",
    " (for Array starting",
    " (for root starting",
    ": enable `",
    " (`",
    " (not recognized as one"
  };

  private Json() {}

  /// Parsers of it refuse duplicate keys and more than 64 levels.
  public static JsonFactory factory() {
    return FACTORY;
  }

  /// The place of the parser in its document, for example `points[3].vector`.
  public static String path(JsonParser in) {
    String pointer = in.getParsingContext().pathAsPointer(false).toString();
    StringBuilder path = new StringBuilder();
    for (String step : pointer.split("/", -1)) {
      if (step.isEmpty()) {
        continue;
      }
      if (step.chars().allMatch(c -> c >= '0' && c <= '9')) {
        path.append('[').append(step).append(']');
      } else {
        String key = step.replace("~1", "/").replace("~0", "~");
        String shown = key.length() > 64 ? key.substring(0, 64) + "…" : key;
        path.append(path.isEmpty() ? "" : ".").append(shown);
      }
    }
    return path.toString();
  }

  /// An error at the parser's place.
  public static JsonFormatException error(JsonParser in, String message) {
    return new JsonFormatException(path(in), message);
  }

  /// What a parser's own exception says, without its inner names.
  public static JsonFormatException error(JsonProcessingException e) {
    String message = e.getOriginalMessage();
    int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
    int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
    if (e instanceof InputCoercionException) {
      message = "a number is out of range";
    }
    for (String aside : ASIDES) {
      int at = message.indexOf(aside);
      message = at > 0 ? message.substring(0, at) : message;
    }
    message =
        message
            .replaceAll(",? ?(from )?`[^`]*`", "")
            .replaceAll("\\(?VALUE_[A-Z_]+\\)?", "a value")
            .replace("FIELD_NAME", "a key")
            .strip();
    return new JsonFormatException(
        line > 0 ? "line " + line + ", column " + column + ": " + message : message);
  }

  /// Requires that nothing but white space follows.
  ///
  /// @throws JsonFormatException if something does
  public static void requireEnd(JsonParser in) throws IOException {
    if (in.nextToken() != null) {
      throw new JsonFormatException("something follows after the end of the JSON document");
    }
  }

  /// Requires a token.
  ///
  /// @param what in words, for example `an object`
  public static void require(JsonParser in, @Nullable JsonToken expected, String what) {
    if (in.currentToken() != expected) {
      throw error(in, "expected " + what + ", found " + describe(in.currentToken()));
    }
  }

  /// The current value as a string.
  public static String string(JsonParser in) throws IOException {
    require(in, JsonToken.VALUE_STRING, "a string");
    return in.getText();
  }

  /// The current value as a whole number in bounds.
  public static long whole(JsonParser in, long low, long high) throws IOException {
    require(in, JsonToken.VALUE_NUMBER_INT, "a whole number");
    String text = in.getText();
    try {
      long value = Long.parseLong(text);
      if (value >= low && value <= high) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Too large for 64 bits: out of bounds as well.
    }
    throw new OutOfBoundsException(
        path(in), "value " + shorten(text) + " invalid, must be from " + low + " to " + high);
  }

  /// The current value as a finite float64.
  public static double number(JsonParser in) throws IOException {
    if (in.currentToken() == null || !in.currentToken().isNumeric()) {
      throw error(in, "expected a number, found " + describe(in.currentToken()));
    }
    double value = in.getDoubleValue();
    if (!Double.isFinite(value)) {
      throw error(in, "value " + shorten(in.getText()) + " invalid, must be a finite float64");
    }
    return value;
  }

  /// The current value as true or false.
  public static boolean flag(JsonParser in) throws IOException {
    return switch (in.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case null, default ->
          throw error(in, "expected true or false, found " + describe(in.currentToken()));
    };
  }

  /// A token in words.
  public static String describe(@Nullable JsonToken token) {
    return switch (token) {
      case null -> "the end";
      case START_OBJECT, END_OBJECT -> "an object";
      case START_ARRAY, END_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT -> "a whole number";
      case VALUE_NUMBER_FLOAT -> "a number with a fraction";
      case VALUE_TRUE, VALUE_FALSE -> "true or false";
      case VALUE_NULL -> "null";
      default -> "something else";
    };
  }

  /// A text that a message can hold.
  public static String shorten(String text) {
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }

  /// A value of the right form that is too small, too large or too long.
  public static final class OutOfBoundsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /// @param path where in the document
    public OutOfBoundsException(String path, String message) {
      super(path + ": " + message);
    }
  }
}
