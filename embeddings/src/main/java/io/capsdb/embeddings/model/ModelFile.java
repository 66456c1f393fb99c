package io.capsdb.embeddings.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.capsdb.formats.FileOutput;
import io.capsdb.formats.FormatException;
import io.capsdb.formats.Json;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/// Files of models, `NAME.model`.
///
/// Little-endian:
///
/// | bytes | what |
/// |---|---|
/// | 8 | `CAPSMODL` |
/// | 4 | format, 1 |
/// | 4 + n | header, JSON in UTF-8: `model_version`, `spec`, `classes`, `provenance` |
/// | 4 + 4n | weights, float32, in the order of the network's layout |
/// | 4 | CRC32C of all before |
///
/// `model_version` is made of the weights and the spec: the first 16 hexadecimal digits of their
/// SHA-256. So equal models have equal versions, wherever they were trained.
public final class ModelFile {
  private static final byte[] MAGIC = "CAPSMODL".getBytes(StandardCharsets.US_ASCII);
  private static final int FORMAT = 1;
  private static final int VERSION_DIGITS = 16;
  private static final ObjectMapper JSON = new ObjectMapper(Json.factory());

  private ModelFile() {}

  /// The version of a model.
  public static String version(Model model) {
    CheckedWriter bytes = new CheckedWriter();
    bytes.writeString(SpecJson.write(model.spec()).toString());
    bytes.writeFloats(model.weights());
    return digest(bytes);
  }

  /// What tells specs apart, as short as a version: kind, sizes, scale of pixels, tokenizer.
  public static String version(ModelSpec spec) {
    CheckedWriter bytes = new CheckedWriter();
    bytes.writeString(SpecJson.write(spec).toString());
    return digest(bytes);
  }

  private static String digest(CheckedWriter bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
      return HexFormat.of().formatHex(digest).substring(0, VERSION_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// Writes a file, which gets its name when it is whole.
  public static void write(Disk disk, Path file, Model model) throws IOException {
    ObjectNode header = JSON.createObjectNode();
    header.put("model_version", version(model));
    header.set("spec", SpecJson.write(model.spec()));
    model.classes().forEach(header.putArray("classes")::add);
    ObjectNode provenance = header.putObject("provenance");
    new java.util.TreeMap<>(model.provenance()).forEach(provenance::put);
    CheckedWriter out = new CheckedWriter();
    for (byte b : MAGIC) {
      out.writeByte(b);
    }
    out.writeInt(FORMAT);
    out.writeString(header.toString());
    out.writeFloats(model.weights());
    byte[] bytes = out.toByteArray();
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    CheckedWriter end = new CheckedWriter();
    end.writeInt((int) checksum.getValue());
    try (FileOutput written = FileOutput.create(disk, file)) {
      written.write(bytes);
      written.write(end.toByteArray());
      written.commit();
    }
  }

  /// Reads a file.
  ///
  /// @throws FormatException if it is no model, damaged, or of another version
  public static Model read(Disk disk, Path file) throws IOException {
    String name = String.valueOf(file);
    if (!disk.exists(file)) {
      throw new FormatException(name, "file", "there is no such file");
    }
    byte[] bytes;
    try (InputStream in = disk.read(file)) {
      bytes = in.readAllBytes();
    }
    if (bytes.length < 24 || !Arrays.equals(bytes, 0, 8, MAGIC, 0, 8)) {
      throw new FormatException(name, "byte 0", "it does not begin as a model file does");
    }
    MemorySegment all = MemorySegment.ofArray(bytes);
    CheckedReader in = new CheckedReader(name, 8, all.asSlice(8, bytes.length - 12L));
    int format = in.readInt();
    if (format != FORMAT) {
      throw new FormatException(
          name, "byte 8", "a model of format " + format + ", this version reads " + FORMAT);
    }
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, bytes.length - 4);
    int stored = new CheckedReader(name, 0, all.asSlice(bytes.length - 4L)).readInt();
    if (stored != (int) checksum.getValue()) {
      throw new FormatException(name, "end", "its checksum does not fit: it is damaged or cut off");
    }
    try {
      JsonNode header = JSON.readTree(in.readString());
      float[] weights = in.readFloats();
      java.util.List<String> classes = new java.util.ArrayList<>();
      header.path("classes").forEach(each -> classes.add(each.asText()));
      java.util.Map<String, String> provenance = new java.util.TreeMap<>();
      header
          .path("provenance")
          .properties()
          .forEach(each -> provenance.put(each.getKey(), each.getValue().asText()));
      return new Model(SpecJson.read(header.path("spec")), weights, classes, provenance);
    } catch (CorruptFileException | IllegalArgumentException | ArithmeticException e) {
      throw new FormatException(name, "header", "it is no model: " + e.getMessage());
    }
  }
}
