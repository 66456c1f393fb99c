package io.capsdb.embeddings.onnx;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.capsdb.embeddings.data.Content;
import io.capsdb.embeddings.model.ContentKind;
import io.capsdb.embeddings.model.Encoder;
import io.capsdb.embeddings.network.Torch;
import io.capsdb.formats.FormatException;
import io.capsdb.io.Disk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A text encoder from an ONNX file and the tokenizer of its makers (`tokenizer.json` of Hugging
/// Face), on ONNX Runtime.
///
/// The model takes `input_ids` and `attention_mask`, perhaps `token_type_ids`, and gives a vector
/// for each token, whose mean over the text is taken, or one for each text. Vectors are brought to
/// length 1. Texts are run in order of their length, so that little padding is computed.
public final class OnnxTextEncoder implements Encoder {
  private static final int BATCH = 16;
  private static final Set<String> INPUTS = Set.of("input_ids", "attention_mask", "token_type_ids");

  private final HuggingFaceTokenizer tokenizer;
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String modelVersion;
  private final int dimension;

  private OnnxTextEncoder(
      HuggingFaceTokenizer tokenizer,
      OrtEnvironment environment,
      OrtSession session,
      String modelVersion)
      throws OrtException {
    this.tokenizer = tokenizer;
    this.environment = environment;
    this.session = session;
    this.modelVersion = modelVersion;
    this.dimension = run(tokenizer.batchEncode(List.of("a")))[0].length;
  }

  /// Opens a model.
  ///
  /// @param maxTokens longer texts are cut off there
  /// @param threads of an operation
  /// @throws FormatException if one of the files is not what it should be, or they do not fit
  public static OnnxTextEncoder open(
      Disk disk, Path model, Path tokenizer, int maxTokens, int threads) throws IOException {
    byte[] modelBytes = read(disk, model);
    byte[] tokenizerBytes = read(disk, tokenizer);
    HuggingFaceTokenizer opened = tokenizer(tokenizerBytes, tokenizer, maxTokens);
    OrtSession session = null;
    try {
      OrtEnvironment environment = OnnxEnvironment.get();
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        options.setIntraOpNumThreads(threads);
        options.setInterOpNumThreads(1);
        session = environment.createSession(modelBytes, options);
      }
      for (String input : session.getInputNames()) {
        if (!INPUTS.contains(input)) {
          throw new FormatException(
              String.valueOf(model), "inputs", "it takes '" + input + "', a text has " + INPUTS);
        }
      }
      return new OnnxTextEncoder(opened, environment, session, version(modelBytes, tokenizerBytes));
    } catch (OrtException | IllegalArgumentException e) {
      close(session);
      opened.close();
      throw new FormatException(
          String.valueOf(model), "model", "ONNX Runtime cannot use it: " + firstLine(e));
    } catch (IOException e) {
      close(session);
      opened.close();
      throw e;
    }
  }

  private static void close(@org.jspecify.annotations.Nullable OrtSession session) {
    if (session != null) {
      try {
        session.close();
      } catch (OrtException _) {
        // What went wrong before is told.
      }
    }
  }

  private static byte[] read(Disk disk, Path file) throws IOException {
    if (!disk.exists(file)) {
      throw new FormatException(String.valueOf(file), "file", "there is no such file");
    }
    try (InputStream in = disk.read(file)) {
      return in.readAllBytes();
    }
  }

  private static HuggingFaceTokenizer tokenizer(byte[] bytes, Path file, int maxTokens)
      throws IOException {
    Torch.stayOffline();
    Map<String, String> options =
        Map.of("maxLength", String.valueOf(maxTokens), "truncation", "true", "padding", "false");
    try {
      return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), options);
    } catch (RuntimeException e) { // the native code throws what it likes
      throw new FormatException(
          String.valueOf(file), "tokenizer", "it is no tokenizer.json: " + firstLine(e));
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static String version(byte[] model, byte[] tokenizer) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(model);
      digest.update(tokenizer);
      return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public String modelVersion() {
    return modelVersion;
  }

  /// Texts; which fields they are of nobody knows.
  @Override
  public ContentKind kind() {
    return ContentKind.texts(List.of());
  }

  @Override
  public float[][] embed(List<Content> contents) {
    List<String> texts =
        contents.stream()
            .map(
                content -> {
                  if (content instanceof Content.Text(String text)) {
                    return text;
                  }
                  throw new IllegalArgumentException("the model takes texts, this is an image");
                })
            .toList();
    Encoding[] encodings = tokenizer.batchEncode(texts);
    Integer[] byLength = new Integer[encodings.length];
    Arrays.setAll(byLength, i -> i);
    Arrays.sort(byLength, Comparator.comparingInt(i -> encodings[i].getIds().length));
    float[][] vectors = new float[encodings.length][];
    for (int from = 0; from < byLength.length; from += BATCH) {
      int to = Math.min(byLength.length, from + BATCH);
      Encoding[] batch = new Encoding[to - from];
      for (int i = from; i < to; i++) {
        batch[i - from] = encodings[byLength[i]];
      }
      float[][] some;
      try {
        some = run(batch);
      } catch (OrtException e) {
        throw new IllegalArgumentException(
            "the model cannot take what the tokenizer makes of a text: " + firstLine(e), e);
      }
      for (int i = from; i < to; i++) {
        vectors[byLength[i]] = some[i - from];
      }
    }
    return vectors;
  }

  private float[][] run(Encoding[] batch) throws OrtException {
    int longest = 1;
    for (Encoding encoding : batch) {
      longest = Math.max(longest, encoding.getIds().length);
    }
    long[] shape = {batch.length, longest};
    Map<String, OnnxTensor> inputs = new HashMap<>();
    try {
      for (String name : session.getInputNames()) {
        long[] values = new long[batch.length * longest];
        for (int i = 0; i < batch.length; i++) {
          long[] row = values(batch[i], name);
          System.arraycopy(row, 0, values, i * longest, row.length);
        }
        inputs.put(name, OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape));
      }
      try (OrtSession.Result result = session.run(inputs)) {
        return vectors(result.get(0).getValue(), batch);
      }
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private static long[] values(Encoding encoding, String name) {
    return switch (name) {
      case "input_ids" -> encoding.getIds();
      case "attention_mask" -> encoding.getAttentionMask();
      default -> encoding.getTypeIds();
    };
  }

  private static float[][] vectors(Object output, Encoding[] batch) {
    float[][] vectors = new float[batch.length][];
    for (int i = 0; i < batch.length; i++) {
      vectors[i] =
          switch (output) {
            case float[][][] ofTokens -> mean(ofTokens[i], batch[i].getAttentionMask());
            case float[][] ofTexts -> ofTexts[i];
            default ->
                throw new IllegalArgumentException(
                    "its first output is neither texts x tokens x values nor texts x values of"
                        + " float32");
          };
      normalize(vectors[i]);
    }
    return vectors;
  }

  private static float[] mean(float[][] tokens, long[] mask) {
    float[] sum = new float[tokens[0].length];
    for (int t = 0; t < mask.length; t++) {
      for (int k = 0; k < sum.length && mask[t] != 0; k++) {
        sum[k] += tokens[t][k];
      }
    }
    return sum; // its length is brought to 1 in any case
  }

  private static void normalize(float[] vector) {
    double square = 0;
    for (float value : vector) {
      square += (double) value * value;
    }
    float factor = square > 0 ? (float) (1 / Math.sqrt(square)) : 0;
    for (int k = 0; k < vector.length; k++) {
      vector[k] *= factor;
    }
  }

  @Override
  public void close() {
    close(session);
    tokenizer.close();
  }
}
