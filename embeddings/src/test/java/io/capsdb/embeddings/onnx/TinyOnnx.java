package io.capsdb.embeddings.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// An ONNX model that is made here, byte by byte: a table of vectors, one for each token, and a
/// tokenizer of whole words for it.
public final class TinyOnnx {
  private static final List<String> WORDS =
      List.of("[UNK]", "toy", "guitar", "red", "blue", "small", "book", "string");
  private static final int WIDTH = 4;

  private TinyOnnx() {}

  /// The vector of a word.
  static float[] vector(String word) {
    int token = Math.max(0, WORDS.indexOf(word));
    float[] vector = new float[WIDTH];
    for (int k = 0; k < WIDTH; k++) {
      vector[k] = (float) Math.sin(1 + 3.7 * token + 1.3 * k);
    }
    return vector;
  }

  public static String tokenizer() {
    StringBuilder vocabulary = new StringBuilder();
    for (int i = 0; i < WORDS.size(); i++) {
      vocabulary.append(i == 0 ? "" : ",").append('"').append(WORDS.get(i)).append("\":").append(i);
    }
    return "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":[],"
        + "\"normalizer\":{\"type\":\"Lowercase\"},\"pre_tokenizer\":{\"type\":\"Whitespace\"},"
        + "\"post_processor\":null,\"decoder\":null,\"model\":{\"type\":\"WordLevel\",\"vocab\":{"
        + vocabulary
        + "},\"unk_token\":\"[UNK]\"}}";
  }

  /// @param input name of the second input, beside `input_ids`
  public static byte[] model(String input) {
    ByteBuffer table = ByteBuffer.allocate(4 * WIDTH * WORDS.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (String word : WORDS) {
      for (float value : vector(word)) {
        table.putFloat(value);
      }
    }
    byte[] node =
        bytes(
            field(1, text("table")),
            field(1, text("input_ids")),
            field(2, text("vectors")),
            field(4, text("Gather")));
    byte[] initializer =
        bytes(
            number(1, WORDS.size()),
            number(1, WIDTH),
            number(2, 1),
            field(8, text("table")),
            field(9, table.array()));
    byte[] graph =
        bytes(
            field(1, node),
            field(2, text("tiny")),
            field(5, initializer),
            field(11, value("input_ids", 7, "batch", "length")),
            field(11, value(input, 7, "batch", "length")),
            field(12, value("vectors", 1, "batch", "length", "width")));
    return bytes(number(1, 8), field(7, graph), field(8, number(2, 13)));
  }

  private static byte[] value(String name, int type, String... sides) {
    ByteArrayOutputStream shape = new ByteArrayOutputStream();
    for (String side : sides) {
      shape.writeBytes(field(1, field(2, text(side))));
    }
    byte[] tensor = bytes(number(1, type), field(2, shape.toByteArray()));
    return bytes(field(1, text(name)), field(2, field(1, tensor)));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] bytes(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /// A field of protocol buffers that holds a number.
  private static byte[] number(int field, int value) {
    return bytes(varint(field << 3), varint(value));
  }

  /// A field that holds bytes.
  private static byte[] field(int field, byte[] value) {
    return bytes(varint(field << 3 | 2), varint(value.length), value);
  }

  private static byte[] varint(int value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int rest = value;
    while (rest > 127) {
      out.write((rest & 127) | 128);
      rest >>>= 7;
    }
    out.write(rest);
    return out.toByteArray();
  }
}
