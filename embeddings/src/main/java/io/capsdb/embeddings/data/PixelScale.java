package io.capsdb.embeddings.data;

import io.capsdb.embeddings.network.Inputs;
import java.util.List;

/// Brings pixels to mean 0 and deviation 1, by numbers of the training set.
///
/// @param mean of all pixels, 0 to 255
/// @param deviation of all pixels, above 0
public record PixelScale(float mean, float deviation) {
  public PixelScale {
    if (!(deviation > 0) || !Float.isFinite(mean) || !Float.isFinite(deviation)) {
      throw new IllegalArgumentException(
          "mean " + mean + " and deviation " + deviation + " scale no pixels");
    }
  }

  /// The scale of some images; one of a single colour is left as it is.
  public static PixelScale of(List<Content> images) {
    double sum = 0;
    double square = 0;
    long count = 0;
    for (Content image : images) {
      for (byte pixel : pixels(image)) {
        int value = pixel & 0xff;
        sum += value;
        square += (double) value * value;
        count++;
      }
    }
    double mean = sum / count;
    double variance = square / count - mean * mean;
    return new PixelScale((float) mean, variance > 0 ? (float) Math.sqrt(variance) : 1);
  }

  static byte[] pixels(Content content) {
    if (content instanceof Content.Pixels(byte[] values)) {
      return values;
    }
    throw new IllegalArgumentException("a text has no pixels");
  }

  /// Writes the scaled pixels of an image.
  public void write(Content image, float[] out, int at) {
    byte[] pixels = pixels(image);
    float factor = 1 / deviation;
    for (int i = 0; i < pixels.length; i++) {
      out[at + i] = ((pixels[i] & 0xff) - mean) * factor;
    }
  }

  /// Images as the inputs of a network.
  ///
  /// @param length pixels that each must have
  public Inputs inputs(List<Content> images, int length) {
    for (int i = 0; i < images.size(); i++) {
      if (pixels(images.get(i)).length != length) {
        throw new IllegalArgumentException(
            "image "
                + i
                + " has "
                + pixels(images.get(i)).length
                + " values, the network takes "
                + length);
      }
    }
    return new Inputs() {
      @Override
      public int rowCount() {
        return images.size();
      }

      @Override
      public void write(int row, float[] out, int at) {
        PixelScale.this.write(images.get(row), out, at);
      }
    };
  }
}
