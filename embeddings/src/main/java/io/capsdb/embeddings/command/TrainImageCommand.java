package io.capsdb.embeddings.command;

import io.capsdb.embeddings.data.Content;
import io.capsdb.embeddings.data.LabelledSet;
import io.capsdb.embeddings.data.PixelScale;
import io.capsdb.embeddings.data.SampleSource;
import io.capsdb.embeddings.model.ContentKind;
import io.capsdb.embeddings.model.ModelSpec;
import io.capsdb.embeddings.network.ConvNet;
import io.capsdb.embeddings.network.Loss;
import io.capsdb.embeddings.network.Mlp;
import io.capsdb.embeddings.network.Network;
import io.capsdb.embeddings.network.Torch;
import io.capsdb.embeddings.network.VisionTransformer;
import io.capsdb.server.command.Machine;
import io.capsdb.server.command.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "image",
    description = "Trains an encoder of images on images with classes.",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footer = {
      "",
      "Images: an idx file (MNIST's format), with --payload for the labels; or a ZIP file of JPEG or",
      "PNG images, where the folder of an image is its label.",
      "",
      "Examples:",
      "  capsdb train image --input train-images-idx3-ubyte.gz --payload train-labels-idx1-ubyte.gz \\",
      "      --encoder conv --output fashion.model",
      "  capsdb train image --input pictures.zip --side 32 --channels 3 --encoder vit --epochs 20 \\",
      "      --patience 3 --output pictures.model",
      "  capsdb train image … --resume        go on after a run that was broken off"
    })
final class TrainImageCommand implements Callable<Integer> {
  private final Machine machine;

  @Option(names = "--input", paramLabel = "FILE", required = true, description = "the images")
  private Path input = Path.of("");

  @Option(
      names = "--payload",
      paramLabel = "FILE",
      description = "labels or attributes, row-aligned with an idx file")
  private Optional<Path> payload = Optional.empty();

  @Option(
      names = "--encoder",
      paramLabel = "NAME",
      defaultValue = "mlp",
      description = "mlp, conv or vit (default: ${DEFAULT-VALUE})")
  private String encoder = "mlp";

  @Option(
      names = "--dimension",
      paramLabel = "N",
      defaultValue = "64",
      description = "values of a vector (default: ${DEFAULT-VALUE})")
  private int dimension;

  @Option(
      names = "--loss",
      paramLabel = "NAME",
      defaultValue = "classes",
      description = "classes (cross-entropy) or contrastive (default: ${DEFAULT-VALUE})")
  private String loss = "classes";

  @Option(
      names = "--side",
      paramLabel = "N",
      defaultValue = "0",
      description = "scale images of a ZIP file to N x N pixels; 0 takes them as they are")
  private int side;

  @Option(
      names = "--channels",
      paramLabel = "N",
      defaultValue = "1",
      description = "of images of a ZIP file: 1 or 3 (default: ${DEFAULT-VALUE})")
  private int channels;

  @Mixin private TrainOptions options = new TrainOptions();

  TrainImageCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() throws IOException {
    options.check();
    OutputFile.requireFolder(machine.disk(), options.output);
    if (channels != 1 && channels != 3) {
      throw new UsageException("--channels: value " + channels + " invalid, must be 1 or 3");
    }
    if (side < 0 || side > 1_024) {
      throw new UsageException("--side: value " + side + " invalid, must be from 0 to 1024");
    }
    Torch.useThreads(options.threads);
    ContentKind kind = new ContentKind(true, channels, side, List.of());
    LabelledSet all;
    try (SampleSource source = SampleFiles.open(machine.disk(), input, payload, kind)) {
      all = LabelledSet.read(source, options.label, options.most());
    }
    int used = SampleFiles.isZip(input) ? channels : 1;
    int found = side(all, used);
    Network network = network(used, found, all.classes().size());
    new NetworkTraining(machine, options, loss(), String.valueOf(input.getFileName()))
        .run(
            all,
            network,
            train -> new ModelSpec.Images(network, used, found, PixelScale.of(train.contents())),
            model ->
                set ->
                    ((ModelSpec.Images) model)
                        .scale()
                        .inputs(set.contents(), network.inputLength()));
    return 0;
  }

  private int side(LabelledSet all, int usedChannels) {
    int length = pixels(all, 0);
    for (int i = 1; i < all.size(); i++) {
      if (pixels(all, i) != length) {
        throw new UsageException(
            String.format(
                Locale.ROOT,
                "--input: image %d has %,d values, the first one %,d; --side brings all to one size",
                i,
                pixels(all, i),
                length));
      }
    }
    int found = (int) Math.round(Math.sqrt((double) length / usedChannels));
    if (found * found * usedChannels != length) {
      throw new UsageException("--input: images of " + length + " values are no squares");
    }
    return found;
  }

  private static int pixels(LabelledSet all, int sample) {
    return ((Content.Pixels) all.contents().get(sample)).values().length;
  }

  private Loss loss() {
    return switch (loss) {
      case "classes" -> Loss.CROSS_ENTROPY;
      case "contrastive" -> Loss.SUPERVISED_CONTRASTIVE;
      default ->
          throw new UsageException("--loss: '" + loss + "' is none of [classes, contrastive]");
    };
  }

  private Network network(int usedChannels, int found, int classes) {
    int pixels = usedChannels * found * found;
    try {
      return switch (encoder) {
        case "mlp" -> new Mlp(pixels, List.of(2 * dimension, dimension), classes);
        case "conv" -> new ConvNet(usedChannels, found, 16, dimension, classes);
        case "vit" ->
            new VisionTransformer(
                usedChannels,
                found,
                patch(found),
                dimension,
                dimension % 4 == 0 ? 4 : 1,
                4,
                classes);
        default ->
            throw new UsageException("--encoder: '" + encoder + "' is none of [mlp, conv, vit]");
      };
    } catch (IllegalArgumentException e) {
      throw new UsageException("--encoder " + encoder + ": " + e.getMessage());
    }
  }

  /// About 50 patches: the smallest divisor of the side from a seventh of it on.
  private static int patch(int side) {
    int patch = Math.max(Math.min(2, side), side / 7);
    while (side % patch != 0) {
      patch++;
    }
    return patch;
  }
}
