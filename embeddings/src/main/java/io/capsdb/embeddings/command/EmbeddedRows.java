package io.capsdb.embeddings.command;

import io.capsdb.embeddings.data.Content;
import io.capsdb.embeddings.data.Sample;
import io.capsdb.embeddings.data.SampleSource;
import io.capsdb.embeddings.model.Encoder;
import io.capsdb.formats.FormatException;
import io.capsdb.formats.RowSource;
import io.capsdb.point.Payload;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Samples as rows of vectors, encoded batch by batch: what is loaded into a collection or written
/// to a file. The payload is that of the sample, and `model_version`.
final class EmbeddedRows implements RowSource {
  private static final int BATCH = 256;

  private final SampleSource samples;
  private final Encoder encoder;
  private final Deque<Row> ready = new ArrayDeque<>();
  private long count;

  EmbeddedRows(SampleSource samples, Encoder encoder) {
    this.samples = samples;
    this.encoder = encoder;
  }

  @Override
  public Optional<Row> next() throws IOException {
    if (ready.isEmpty()) {
      encodeNext();
    }
    return Optional.ofNullable(ready.poll());
  }

  private void encodeNext() throws IOException {
    List<Sample> batch = new ArrayList<>();
    List<Content> contents = new ArrayList<>();
    while (batch.size() < BATCH) {
      Optional<Sample> sample = samples.next();
      if (sample.isEmpty()) {
        break;
      }
      batch.add(sample.get());
      contents.add(sample.get().content());
    }
    if (batch.isEmpty()) {
      return;
    }
    float[][] vectors;
    try {
      vectors = encoder.embed(contents);
    } catch (IllegalArgumentException e) {
      throw new FormatException(
          samples.file(),
          "rows " + batch.getFirst().number() + " to " + batch.getLast().number(),
          String.valueOf(e.getMessage()));
    }
    for (int i = 0; i < vectors.length; i++) {
      Sample sample = batch.get(i);
      Map<String, @Nullable Object> fields = new LinkedHashMap<>(sample.payload().fields());
      fields.put("model_version", encoder.modelVersion());
      ready.add(
          new Row(
              sample.number(),
              sample.number() + 1,
              sample.id(),
              vectors[i],
              Payload.of(fields),
              Optional.empty()));
      count++;
    }
  }

  /// Rows that were encoded.
  long encodedCount() {
    return count;
  }

  @Override
  public String file() {
    return samples.file();
  }

  @Override
  public OptionalLong rowCount() {
    return samples.count();
  }

  @Override
  public double progress() {
    return samples.progress();
  }

  @Override
  public void close() throws IOException {
    samples.close();
  }
}
