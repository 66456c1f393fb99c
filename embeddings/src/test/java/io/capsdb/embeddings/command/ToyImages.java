package io.capsdb.embeddings.command;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/// Images of 8 x 8 pixels in three classes: bright above, in the middle, or below.
final class ToyImages {
  static final int SIDE = 8;

  private ToyImages() {}

  private static int pixel(int image, int at) {
    boolean isBright = at / 22 == image % 3;
    return (isBright ? 180 : 20) + new SplittableRandom(1_000L * image + at).nextInt(60);
  }

  static byte[] idx(int count) {
    return idx(count, SIDE);
  }

  static byte[] idx(int count, int side) {
    ByteBuffer bytes = ByteBuffer.allocate(16 + side * side * count);
    bytes.putInt(0x803).putInt(count).putInt(side).putInt(side);
    for (int i = 0; i < count; i++) {
      for (int at = 0; at < side * side; at++) {
        bytes.put((byte) pixel(i, at));
      }
    }
    return bytes.array();
  }

  static byte[] labels(int count) {
    ByteBuffer bytes = ByteBuffer.allocate(8 + count);
    bytes.putInt(0x801).putInt(count);
    for (int i = 0; i < count; i++) {
      bytes.put((byte) (i % 3));
    }
    return bytes.array();
  }

  static byte[] png(int image) throws IOException {
    return encoded(image, SIDE, "png");
  }

  private static byte[] encoded(int image, int side, String format) throws IOException {
    BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    for (int at = 0; at < side * side; at++) {
      int value = pixel(image, at);
      picture.setRGB(at % side, at / side, value << 16 | value << 8 | value);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(picture, format, bytes);
    return bytes.toByteArray();
  }

  /// A JPEG image of 8 x 8 pixels, and one of 4 x 4.
  static byte[] mixedZip() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int side : new int[] {SIDE, SIDE / 2}) {
        zip.putNextEntry(new ZipEntry("class" + side + "/" + side + ".jpg"));
        zip.write(encoded(1, side, "jpg"));
      }
    }
    return bytes.toByteArray();
  }

  static byte[] zip(int count) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("train/readme.txt"));
      for (int i = 0; i < count; i++) {
        zip.putNextEntry(new ZipEntry("train/class" + i % 3 + "/" + i + ".png"));
        zip.write(png(i));
      }
    }
    return bytes.toByteArray();
  }
}
