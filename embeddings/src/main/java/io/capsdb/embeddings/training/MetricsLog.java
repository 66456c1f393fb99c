package io.capsdb.embeddings.training;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.capsdb.formats.FileOutput;
import io.capsdb.formats.Json;
import io.capsdb.formats.JsonFormatException;
import io.capsdb.io.Disk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The epochs of a run as JSON lines, and as a curve beside them: `NAME.jsonl` and `NAME.svg`, both
/// written anew after each epoch, so that they are whole at any time.
public final class MetricsLog {
  private static final String LINES = "metrics.jsonl";
  private static final String CURVE = "metrics.svg";

  private final Disk disk;
  private final Path lines;
  private final Path curve;
  private final List<TrainingListener.Epoch> epochs = new ArrayList<>();

  private MetricsLog(Disk disk, Path lines, Path curve) {
    this.disk = disk;
    this.lines = lines;
    this.curve = curve;
  }

  /// Begins a log, or goes on with that of a run that goes on.
  ///
  /// @param stepsDone of the run so far; epochs beyond it are dropped, they come again
  public static MetricsLog open(Disk disk, Path folder, long stepsDone) throws IOException {
    disk.createFolders(folder);
    MetricsLog log = new MetricsLog(disk, folder.resolve(LINES), folder.resolve(CURVE));
    if (stepsDone > 0 && disk.exists(log.lines)) {
      log.epochs.addAll(read(disk, log.lines, epoch -> epoch.steps() <= stepsDone));
    }
    return log;
  }

  /// Deletes the log of an earlier run.
  public static void delete(Disk disk, Path folder) throws IOException {
    for (String name : List.of(LINES, CURVE)) {
      if (disk.exists(folder.resolve(name))) {
        disk.delete(folder.resolve(name));
      }
    }
  }

  private static List<TrainingListener.Epoch> read(
      Disk disk, Path file, Predicate<TrainingListener.Epoch> wanted) throws IOException {
    List<TrainingListener.Epoch> epochs = new ArrayList<>();
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(disk.read(file), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        TrainingListener.Epoch epoch = parse(line);
        if (wanted.test(epoch)) {
          epochs.add(epoch);
        }
      }
    }
    return epochs;
  }

  private static TrainingListener.Epoch parse(String line) throws IOException {
    int epoch = 0;
    long steps = 0;
    double loss = Double.NaN;
    double validation = Double.NaN;
    double rate = Double.NaN;
    try (JsonParser in = Json.factory().createParser(line)) {
      in.nextToken();
      Json.require(in, JsonToken.START_OBJECT, "an object");
      for (String key = in.nextFieldName(); key != null; key = in.nextFieldName()) {
        in.nextToken();
        switch (key) {
          case "epoch" -> epoch = (int) Json.whole(in, 1, Integer.MAX_VALUE) - 1;
          case "steps" -> steps = Json.whole(in, 0, Long.MAX_VALUE);
          case "loss" -> loss = Json.number(in);
          case "validation" -> validation = Json.number(in);
          case "learning_rate" -> rate = Json.number(in);
          default -> throw new JsonFormatException("unknown key '" + key + "'");
        }
      }
    }
    return new TrainingListener.Epoch(epoch, steps, loss, validation, rate);
  }

  public void add(TrainingListener.Epoch epoch) throws IOException {
    epochs.add(epoch);
    StringBuilder text = new StringBuilder();
    for (TrainingListener.Epoch each : epochs) {
      text.append(json(each)).append('\n');
    }
    write(lines, text.toString());
    write(curve, LossCurve.svg(epochs));
  }

  private static String json(TrainingListener.Epoch epoch) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = Json.factory().createGenerator(text)) {
      out.writeStartObject();
      out.writeNumberField("epoch", epoch.epoch() + 1);
      out.writeNumberField("steps", epoch.steps());
      out.writeNumberField("loss", epoch.loss());
      if (!Double.isNaN(epoch.validation())) {
        out.writeNumberField("validation", epoch.validation());
      }
      out.writeNumberField("learning_rate", epoch.learningRate());
      out.writeEndObject();
    }
    return text.toString();
  }

  private void write(Path file, String text) throws IOException {
    try (FileOutput out = FileOutput.create(disk, file)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.commit();
    }
  }
}
