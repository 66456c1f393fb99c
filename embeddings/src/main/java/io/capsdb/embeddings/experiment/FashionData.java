package io.capsdb.embeddings.experiment;

import io.capsdb.embeddings.data.IdxImages;
import io.capsdb.embeddings.data.LabelledSet;
import io.capsdb.embeddings.data.SampleSource;
import io.capsdb.formats.FormatException;
import io.capsdb.server.command.BundledImages;
import java.io.IOException;
import java.util.Optional;

/// Fashion-MNIST: the whole training set from the folder of data sets, or the sample that comes
/// with the program.
final class FashionData {
  /// Pixels of an image.
  static final int PIXELS = 784;

  /// Images of the subset that the methods' figures are about: the first of the training set.
  static final int SUBSET = 3_615;

  private static final String FOLDER = "fashion-mnist/train-";

  private FashionData() {}

  /// The first images, from the full set if there is a folder of data sets.
  static LabelledSet read(Setting setting, int most) throws IOException {
    try (SampleSource source =
        setting.data().isPresent() && !setting.isShort()
            ? IdxImages.open(
                setting.disk(),
                setting.file(FOLDER + "images-idx3-ubyte.gz"),
                Optional.of(setting.file(FOLDER + "labels-idx1-ubyte.gz")))
            : IdxImages.of(BundledImages.open())) {
      LabelledSet set = LabelledSet.read(source, "label", most);
      if (set.size() < Math.min(most, SUBSET)) {
        throw new FormatException(source.file(), "end", "it has only " + set.size() + " images");
      }
      return set;
    }
  }
}
