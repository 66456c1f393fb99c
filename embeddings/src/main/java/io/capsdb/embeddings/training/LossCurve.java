package io.capsdb.embeddings.training;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// The epochs of a run as a picture: the loss, and the validation score on a scale of its own.
final class LossCurve {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 360;
  private static final int MARGIN = 48;

  private LossCurve() {}

  static String svg(List<TrainingListener.Epoch> epochs) {
    StringBuilder svg = new StringBuilder();
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
                + " font-family=\"sans-serif\" font-size=\"12\">%n"
                + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
            WIDTH,
            HEIGHT));
    line(svg, epochs, TrainingListener.Epoch::loss, "#c0392b", "loss", 20, MARGIN);
    line(svg, epochs, TrainingListener.Epoch::validation, "#2471a3", "validation", 20, WIDTH / 2);
    svg.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">epoch (1 to %d)</text>%n</svg>%n",
            WIDTH / 2,
            HEIGHT - 12,
            epochs.size()));
    return svg.toString();
  }

  private static void line(
      StringBuilder svg,
      List<TrainingListener.Epoch> epochs,
      ToDoubleFunction<TrainingListener.Epoch> value,
      String colour,
      String name,
      int labelY,
      int labelX) {
    double[] values = epochs.stream().mapToDouble(value).filter(Double::isFinite).toArray();
    if (values.length == 0) {
      return;
    }
    double low = java.util.Arrays.stream(values).min().orElse(0);
    double high = java.util.Arrays.stream(values).max().orElse(1);
    double range = high > low ? high - low : 1;
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < epochs.size(); i++) {
      double v = value.applyAsDouble(epochs.get(i));
      if (Double.isFinite(v)) {
        double share = epochs.size() == 1 ? 0.5 : (double) i / (epochs.size() - 1);
        double x = MARGIN + share * (WIDTH - 2 * MARGIN);
        double y = HEIGHT - MARGIN - (v - low) / range * (HEIGHT - 2 * MARGIN);
        points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
      }
    }
    svg.append(
        String.format(
            Locale.ROOT,
            "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>%n"
                + "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s: %.4g to %.4g, last %.4g</text>%n",
            colour,
            points.toString().strip(),
            labelX,
            labelY,
            colour,
            name,
            low,
            high,
            values[values.length - 1]));
  }
}
