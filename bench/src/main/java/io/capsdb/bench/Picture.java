package io.capsdb.bench;

import io.capsdb.point.Payload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A grey image of 28 x 28 pixels, 0 to 255, and what can be told of it by looking:
///
/// | attribute | means |
/// |---|---|
/// | `label`, `name` | class of the garment, as number and word |
/// | `brightness` | mean pixel / 255 |
/// | `asymmetry` | mean of the left half minus mean of the right half, / 510 |
/// | `time` | a made-up time stamp: one minute a row from 2017-08-25 on |
/// | `tags` | what [#tags] finds |
/// | `row` | number of the image in the full training set |
final class Picture {
  static final int SIDE = 28;

  private static final List<String> NAMES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");
  private static final Instant FIRST = Instant.parse("2017-08-25T00:00:00Z");

  /// A pixel above this belongs to the garment.
  private static final float INK = 32;

  private final float[] pixels;

  Picture(float[] pixels) {
    if (pixels.length != SIDE * SIDE) {
      throw new IllegalArgumentException(
          "a picture has " + SIDE * SIDE + " pixels, was " + pixels.length);
    }
    this.pixels = pixels;
  }

  byte[] bytes() {
    byte[] bytes = new byte[pixels.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (int) pixels[i];
    }
    return bytes;
  }

  Payload attributes(long row, int label) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("label", label);
    fields.put("name", NAMES.get(label));
    fields.put("brightness", rounded(brightness()));
    fields.put("asymmetry", rounded(asymmetry()));
    fields.put("time", FIRST.plusSeconds(60 * row).toString());
    fields.put("tags", tags());
    fields.put("row", row);
    return Payload.of(fields);
  }

  private double brightness() {
    double sum = 0;
    for (float pixel : pixels) {
      sum += pixel;
    }
    return sum / pixels.length / 255;
  }

  private double asymmetry() {
    double difference = 0;
    for (int i = 0; i < pixels.length; i++) {
      difference += i % SIDE < SIDE / 2 ? pixels[i] : -pixels[i];
    }
    return difference / pixels.length / 255;
  }

  /// Words that fit: `dark` and `bright` by mean pixel; `symmetric` and `lopsided` by how far the
  /// mirror image differs, compared with the brightness; `tall`, `wide`, `small` and `full` by the
  /// box around the garment; `plain` and `textured` by how much neighbouring pixels differ; `open`
  /// when the middle is empty.
  List<String> tags() {
    double brightness = brightness();
    double mirror = mirrorDifference();
    double texture = texture();
    Box box = box();
    List<String> tags = new ArrayList<>();
    addIf(tags, "dark", brightness < 0.15);
    addIf(tags, "bright", brightness > 0.45);
    addIf(tags, "symmetric", mirror < 0.15 * brightness);
    addIf(tags, "lopsided", mirror > brightness);
    addIf(tags, "tall", box.height() >= 1.5 * box.width());
    addIf(tags, "wide", box.width() >= 1.5 * box.height());
    addIf(tags, "small", box.width() * box.height() < 0.4 * pixels.length);
    addIf(tags, "full", box.width() * box.height() > 0.95 * pixels.length);
    addIf(tags, "plain", texture < 0.11);
    addIf(tags, "textured", texture > 0.25);
    addIf(tags, "open", isMiddleEmpty());
    return tags;
  }

  private static void addIf(List<String> tags, String tag, boolean holds) {
    if (holds) {
      tags.add(tag);
    }
  }

  /// Mean difference between a pixel and its mirror image, / 255.
  private double mirrorDifference() {
    double sum = 0;
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        sum += Math.abs(at(x, y) - at(SIDE - 1 - x, y));
      }
    }
    return sum / pixels.length / 255;
  }

  /// Mean difference between neighbours in a row where one of them is part of the garment, / 255.
  private double texture() {
    double sum = 0;
    int count = 0;
    for (int y = 0; y < SIDE; y++) {
      for (int x = 1; x < SIDE; x++) {
        if (at(x, y) > INK || at(x - 1, y) > INK) {
          sum += Math.abs(at(x, y) - at(x - 1, y));
          count++;
        }
      }
    }
    return count == 0 ? 0 : sum / count / 255;
  }

  private boolean isMiddleEmpty() {
    int middle = SIDE / 2;
    for (int y = middle - 2; y < middle + 2; y++) {
      for (int x = middle - 2; x < middle + 2; x++) {
        if (at(x, y) > INK) {
          return false;
        }
      }
    }
    return true;
  }

  private record Box(int width, int height) {}

  private Box box() {
    int left = SIDE;
    int right = -1;
    int top = SIDE;
    int bottom = -1;
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        if (at(x, y) > INK) {
          left = Math.min(left, x);
          right = Math.max(right, x);
          top = Math.min(top, y);
          bottom = Math.max(bottom, y);
        }
      }
    }
    return new Box(Math.max(0, right - left + 1), Math.max(0, bottom - top + 1));
  }

  private float at(int x, int y) {
    return pixels[y * SIDE + x];
  }

  private static double rounded(double value) {
    return Math.round(value * 10_000) / 10_000.0;
  }
}
