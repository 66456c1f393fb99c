package io.capsdb.embeddings.onnx;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.capsdb.embeddings.data.Content;
import io.capsdb.io.Disk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// ONNX Runtime called by hand, as its documentation shows it: a batch in the order in which it
/// comes, padded to its longest text. What [OnnxTextEncoder] is measured against.
public final class PlainOnnx implements AutoCloseable {
  private static final int BATCH = 16;

  private final HuggingFaceTokenizer tokenizer;
  private final OrtEnvironment environment;
  private final OrtSession session;

  private PlainOnnx(
      HuggingFaceTokenizer tokenizer, OrtEnvironment environment, OrtSession session) {
    this.tokenizer = tokenizer;
    this.environment = environment;
    this.session = session;
  }

  public static PlainOnnx open(Disk disk, Path model, Path tokenizer, int maxTokens, int threads)
      throws IOException {
    Map<String, String> options =
        Map.of("maxLength", String.valueOf(maxTokens), "truncation", "true", "padding", "true");
    try (InputStream modelBytes = disk.read(model);
        InputStream tokenizerBytes = disk.read(tokenizer);
        OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
      settings.setIntraOpNumThreads(threads);
      OrtEnvironment environment = OnnxEnvironment.get();
      OrtSession session = environment.createSession(modelBytes.readAllBytes(), settings);
      return new PlainOnnx(
          HuggingFaceTokenizer.newInstance(
              new ByteArrayInputStream(tokenizerBytes.readAllBytes()), options),
          environment,
          session);
    } catch (OrtException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /// Sums of the tokens' vectors, which is what a mean begins with.
  public float[][] embed(List<Content> contents) {
    float[][] sums = new float[contents.size()][];
    for (int from = 0; from < contents.size(); from += BATCH) {
      List<String> texts =
          contents.subList(from, Math.min(contents.size(), from + BATCH)).stream()
              .map(content -> ((Content.Text) content).text())
              .toList();
      try {
        run(tokenizer.batchEncode(texts), sums, from);
      } catch (OrtException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }
    return sums;
  }

  private void run(Encoding[] batch, float[][] sums, int at) throws OrtException {
    long[][] ids = new long[batch.length][];
    long[][] mask = new long[batch.length][];
    long[][] types = new long[batch.length][];
    for (int i = 0; i < batch.length; i++) {
      ids[i] = batch[i].getIds();
      mask[i] = batch[i].getAttentionMask();
      types[i] = batch[i].getTypeIds();
    }
    try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, ids);
        OnnxTensor maskTensor = OnnxTensor.createTensor(environment, mask);
        OnnxTensor typeTensor = OnnxTensor.createTensor(environment, types);
        OrtSession.Result result =
            session.run(
                Map.of(
                    "input_ids", idTensor,
                    "attention_mask", maskTensor,
                    "token_type_ids", typeTensor))) {
      float[][][] vectors = (float[][][]) result.get(0).getValue();
      for (int i = 0; i < batch.length; i++) {
        float[] sum = new float[vectors[i][0].length];
        for (int t = 0; t < mask[i].length; t++) {
          for (int k = 0; k < sum.length; k++) {
            sum[k] += mask[i][t] * vectors[i][t][k];
          }
        }
        sums[at + i] = sum;
      }
    }
  }

  @Override
  public void close() {
    tokenizer.close();
    try {
      session.close();
    } catch (OrtException _) {
      // Nothing is lost.
    }
  }
}
