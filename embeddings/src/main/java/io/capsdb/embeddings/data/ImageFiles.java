package io.capsdb.embeddings.data;

import io.capsdb.formats.FormatException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/// Pixels from JPEG, PNG and the other formats that Java reads by itself.
public final class ImageFiles {
  /// An image may be no larger on a side: it is held in memory.
  private static final int MOST_SIDE = 4096;

  private ImageFiles() {}

  /// Reads an image and scales it to a square.
  ///
  /// @param name for messages
  /// @param channels 1: brightness; 3: red, green, blue
  /// @param side wanted; 0 takes the image as it is, which must be square
  public static byte[] read(InputStream in, String name, int channels, int side)
      throws IOException {
    BufferedImage image = decode(in, name, side == 0);
    int wanted = side == 0 ? image.getWidth() : side;
    byte[] pixels = new byte[channels * wanted * wanted];
    for (int y = 0; y < wanted; y++) {
      for (int x = 0; x < wanted; x++) {
        int at = y * wanted + x;
        write(mean(image, x, y, wanted), channels, pixels, at, wanted * wanted);
      }
    }
    return pixels;
  }

  private static BufferedImage decode(InputStream in, String name, boolean isSquare)
      throws IOException {
    ImageIO.setUseCache(false); // no temporary files
    try (ImageInputStream bytes = ImageIO.createImageInputStream(in)) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(bytes);
      if (!readers.hasNext()) {
        throw new FormatException(name, "byte 0", "it is no JPEG, PNG, GIF or BMP image");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(bytes, true, true);
        requireSize(name, reader.getWidth(0), reader.getHeight(0), isSquare);
        return reader.read(0);
      } finally {
        reader.dispose();
      }
    } catch (FormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // damaged files make the readers throw anything
      throw new FormatException(
          name, "byte 0", "it is no image that can be read: " + e.getMessage());
    }
  }

  /// Before an image is decoded: a small file can tell of many pixels.
  private static void requireSize(String name, int width, int height, boolean isSquare)
      throws FormatException {
    if (width > MOST_SIDE || height > MOST_SIDE) {
      throw new FormatException(
          name, "header", width + " x " + height + " pixels, at most 4096 on a side are read");
    }
    if (isSquare && width != height) {
      throw new FormatException(name, "header", width + " x " + height + " pixels are no square");
    }
  }

  /// The mean colour of the part of the image that a pixel stands for, as 0xRRGGBB.
  private static int mean(BufferedImage image, int x, int y, int wanted) {
    int fromX = x * image.getWidth() / wanted;
    int toX = Math.max(fromX + 1, (x + 1) * image.getWidth() / wanted);
    int fromY = y * image.getHeight() / wanted;
    int toY = Math.max(fromY + 1, (y + 1) * image.getHeight() / wanted);
    long red = 0;
    long green = 0;
    long blue = 0;
    for (int j = fromY; j < toY; j++) {
      for (int i = fromX; i < toX; i++) {
        int colour = image.getRGB(i, j);
        red += colour >> 16 & 0xff;
        green += colour >> 8 & 0xff;
        blue += colour & 0xff;
      }
    }
    long count = (long) (toX - fromX) * (toY - fromY);
    return (int) (red / count) << 16 | (int) (green / count) << 8 | (int) (blue / count);
  }

  private static void write(int colour, int channels, byte[] pixels, int at, int stride) {
    int red = colour >> 16 & 0xff;
    int green = colour >> 8 & 0xff;
    int blue = colour & 0xff;
    if (channels == 1) {
      // Brightness as television weighs it (ITU-R BT.601).
      pixels[at] = (byte) Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
    } else {
      pixels[at] = (byte) red;
      pixels[at + stride] = (byte) green;
      pixels[at + 2 * stride] = (byte) blue;
    }
  }
}
