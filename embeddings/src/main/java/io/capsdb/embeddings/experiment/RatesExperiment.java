package io.capsdb.embeddings.experiment;

import io.capsdb.embeddings.data.Content;
import io.capsdb.embeddings.data.LabelledSet;
import io.capsdb.io.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/// How many samples a second each encoder learns and embeds on two threads, and how much memory
/// that takes: the commands, each in a process of its own, on files.
final class RatesExperiment implements Experiment {
  /// For which `embed` has its bars.
  private static final String DEFAULT = "mlp";

  /// Images and texts of the short form.
  private static final int FEW = 600;

  private static final String PRODUCTS = "/io/capsdb/embeddings/sample/products.jsonl.gz";

  /// @param trained samples that are learned, once each
  private record Encoder(String name, boolean isImage, int trained) {}

  @Override
  public String name() {
    return "rates";
  }

  @Override
  public String what() {
    return "samples a second in training and embedding, and peak memory, of each encoder";
  }

  @Override
  public void run(Setting setting, Report report) throws IOException {
    List<Encoder> encoders = new ArrayList<>();
    encoders.add(new Encoder(DEFAULT, true, 60_000));
    if (!setting.isShort()) {
      encoders.add(new Encoder("conv", true, 6_000));
      encoders.add(new Encoder("vit", true, 3_000));
    }
    encoders.add(new Encoder("ngrams", false, 20_480));
    if (!setting.isShort()) {
      encoders.add(new Encoder("transformer", false, 3_000));
    }
    Path folder =
        Path.of(
            System.getProperty("java.io.tmpdir", "."), "capsdb-" + ProcessHandle.current().pid());
    setting.disk().createFolders(folder);
    try {
      Inputs inputs = inputs(setting, folder);
      report.line("samples a second on two threads, and the most memory of the process:");
      for (Encoder encoder : encoders) {
        measure(encoder, inputs, folder, report);
      }
    } finally {
      delete(setting.disk(), folder);
    }
  }

  /// The files that are learned from.
  private record Inputs(Path images, Path labels, Path products) {}

  private static Inputs inputs(Setting setting, Path folder) throws IOException {
    if (!setting.isShort()) {
      return new Inputs(
          setting.file("fashion-mnist/train-images-idx3-ubyte.gz"),
          setting.file("fashion-mnist/train-labels-idx1-ubyte.gz"),
          setting.file("products/products.jsonl.gz"));
    }
    LabelledSet set = FashionData.read(setting, FashionData.SUBSET).slice(0, FEW);
    ByteBuffer images = ByteBuffer.allocate(16 + FEW * FashionData.PIXELS);
    images.putInt(0x803).putInt(FEW).putInt(28).putInt(28);
    for (Content content : set.contents()) {
      images.put(((Content.Pixels) content).values());
    }
    ByteBuffer labels = ByteBuffer.allocate(8 + FEW).putInt(0x801).putInt(FEW);
    for (int label : set.labels()) {
      labels.put((byte) label);
    }
    try (InputStream products =
        Objects.requireNonNull(RatesExperiment.class.getResourceAsStream(PRODUCTS), PRODUCTS)) {
      return new Inputs(
          write(setting.disk(), folder.resolve("images.idx3-ubyte"), images.flip()),
          write(setting.disk(), folder.resolve("labels.idx1-ubyte"), labels.flip()),
          write(
              setting.disk(),
              folder.resolve("products.jsonl.gz"),
              ByteBuffer.wrap(products.readAllBytes())));
    }
  }

  private static Path write(Disk disk, Path file, ByteBuffer bytes) throws IOException {
    try (Disk.AppendFile out = disk.create(file)) {
      out.write(bytes);
    }
    return file;
  }

  private static void measure(Encoder encoder, Inputs inputs, Path folder, Report report)
      throws IOException {
    String model = folder.resolve(encoder.name() + ".model").toString();
    List<String> train = new ArrayList<>(List.of("train", encoder.isImage() ? "image" : "text"));
    List<String> embed = new ArrayList<>(List.of("embed", "--model", model));
    if (encoder.isImage()) {
      List<String> images = List.of("--input", inputs.images().toString());
      train.addAll(images);
      train.addAll(List.of("--payload", inputs.labels().toString()));
      embed.addAll(images);
    } else {
      List<String> products = List.of("--input", inputs.products().toString());
      train.addAll(products);
      train.addAll(List.of("--fields", "title,description", "--label", "category"));
      embed.addAll(products);
    }
    train.addAll(List.of("--encoder", encoder.name(), "--epochs", "1", "--output", model));
    train.addAll(List.of("--limit", String.valueOf(encoder.trained()), "--threads", "2"));
    embed.addAll(List.of("--threads", "2"));
    embed.addAll(List.of("--output", folder.resolve(encoder.name() + ".npy").toString()));
    CommandRun trained = CommandRun.of(train);
    CommandRun embedded = CommandRun.of(embed);
    report.line(
        String.format(
            Locale.ROOT,
            "  %-12s training %,9.0f/s %,6.0f MiB   embedding %,9.0f/s %,6.0f MiB",
            encoder.name(),
            trained.rate(),
            trained.mebibytes(),
            embedded.rate(),
            embedded.mebibytes()));
    if (encoder.name().equals(DEFAULT)) {
      String what = String.format(Locale.ROOT, "%,.0f images embedded: ", embedded.count());
      report.atMost(what + "seconds", embedded.seconds(), 60);
      report.atMost(what + "MiB", embedded.mebibytes(), 2_048);
    }
  }

  private static void delete(Disk disk, Path path) throws IOException {
    List<String> names;
    try {
      names = disk.list(path);
    } catch (IOException e) {
      names = List.of(); // a file
    }
    for (String name : names) {
      delete(disk, path.resolve(name));
    }
    disk.delete(path);
  }
}
