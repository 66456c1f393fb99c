package io.capsdb.point;

import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Payloads as bytes: each value is a tag byte (0 null, 1 false, 2 true, 3 integer, 4 float, 5
/// string, 6 array, 7 object) and what the tag needs; arrays and objects begin with a count.
public final class PayloadCodec {
  /// Room taken for an array before its elements are seen: arrays in arrays can each claim all the
  /// bytes that are left.
  private static final int MAX_FIRST_CAPACITY = 1_024;

  private PayloadCodec() {}

  public static void write(Payload payload, CheckedWriter out) {
    writeValue(payload.fields(), out);
  }

  /// @throws io.capsdb.io.CorruptFileException if the bytes are no payload
  public static Payload read(CheckedReader in) {
    Object value = readValue(in, 0);
    if (!(value instanceof Map<?, ?> map)) {
      throw in.corrupt("a payload that is no object");
    }
    @SuppressWarnings("unchecked") // made by readValue, which reads keys as strings
    Map<String, @Nullable Object> fields = (Map<String, @Nullable Object>) map;
    try {
      return new Payload(fields);
    } catch (IllegalArgumentException e) {
      throw in.corrupt(String.valueOf(e.getMessage()));
    }
  }

  private static void writeValue(@Nullable Object value, CheckedWriter out) {
    switch (value) {
      case null -> out.writeByte(0);
      case Boolean flag -> out.writeByte(flag ? 2 : 1);
      case Long number -> {
        out.writeByte(3);
        out.writeLong(number);
      }
      case Double number -> {
        out.writeByte(4);
        out.writeDouble(number);
      }
      case String text -> {
        out.writeByte(5);
        out.writeString(text);
      }
      case List<?> list -> {
        out.writeByte(6);
        out.writeInt(list.size());
        for (Object element : list) {
          writeValue(element, out);
        }
      }
      case Map<?, ?> map -> {
        out.writeByte(7);
        out.writeInt(map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          out.writeString((String) entry.getKey());
          writeValue(entry.getValue(), out);
        }
      }
      default -> throw new IllegalStateException("payload value of type " + value.getClass());
    }
  }

  private static @Nullable Object readValue(CheckedReader in, int depth) {
    if (depth > Payload.MAX_DEPTH) {
      throw in.corrupt("a payload nested deeper than " + Payload.MAX_DEPTH);
    }
    return switch (in.readByte()) {
      case 0 -> null;
      case 1 -> false;
      case 2 -> true;
      case 3 -> in.readLong();
      case 4 -> in.readDouble();
      case 5 -> in.readString();
      case 6 -> {
        int count = in.readLength(1);
        List<@Nullable Object> list = new ArrayList<>(Math.min(count, MAX_FIRST_CAPACITY));
        for (int i = 0; i < count; i++) {
          list.add(readValue(in, depth + 1));
        }
        yield list;
      }
      case 7 -> {
        int count = in.readLength(5);
        Map<String, @Nullable Object> map = LinkedHashMap.newLinkedHashMap(count);
        for (int i = 0; i < count; i++) {
          map.put(in.readString(), readValue(in, depth + 1));
        }
        yield map;
      }
      default -> throw in.corrupt("an unknown tag in a payload");
    };
  }
}
