package io.capsdb.bench.prepare;

import java.util.Arrays;
import java.util.Comparator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// Clusters of Zipf-like sizes in the latent space, and ten labels of about a tenth of the rows
/// each; a label is a region of neighbouring clusters.
final class Clusters {
  static final int LABELS = 10;
  private static final double EXPONENT = 0.7;

  /// Standard deviation inside a cluster, where that of the centres is one.
  private static final double WIDTH = 0.5;

  private final Zipf sizes;
  private final double[][] centers;
  private final int[] labelOf;

  Clusters(int count, RandomGenerator random) {
    sizes = new Zipf(count, EXPONENT);
    centers = new double[count][Surface.LATENT];
    for (double[] center : centers) {
      Arrays.setAll(center, _ -> random.nextGaussian());
    }
    labelOf = label(random);
  }

  /// The cluster of a new row; large ones are drawn more often.
  int draw(RandomGenerator random) {
    return sizes.draw(random);
  }

  /// A new place in a cluster.
  double[] place(int cluster, RandomGenerator random) {
    double[] place = new double[Surface.LATENT];
    Arrays.setAll(place, i -> centers[cluster][i] + WIDTH * random.nextGaussian());
    return place;
  }

  int label(int cluster) {
    return labelOf[cluster];
  }

  /// The label whose clusters lie farthest from a place, on average.
  int farthestLabel(double[] place) {
    double[] sum = new double[LABELS];
    double[] mass = new double[LABELS];
    for (int cluster = 0; cluster < centers.length; cluster++) {
      double share = sizes.share(cluster);
      sum[labelOf[cluster]] += share * squaredDistance(place, centers[cluster]);
      mass[labelOf[cluster]] += share;
    }
    int farthest = 0;
    for (int label = 1; label < LABELS; label++) {
      farthest = sum[label] / mass[label] > sum[farthest] / mass[farthest] ? label : farthest;
    }
    return farthest;
  }

  /// Grows one region after the other around a cluster that has no label yet: its nearest clusters
  /// without one, until they hold a tenth of the rows.
  private int[] label(RandomGenerator random) {
    int[] labels = new int[centers.length];
    Arrays.fill(labels, LABELS - 1);
    boolean[] isTaken = new boolean[centers.length];
    for (int label = 0; label < LABELS - 1; label++) {
      int first = random.nextInt(centers.length);
      while (isTaken[first]) {
        first = random.nextInt(centers.length);
      }
      double[] middle = centers[first];
      int[] nearest =
          IntStream.range(0, centers.length)
              .filter(cluster -> !isTaken[cluster])
              .boxed()
              .sorted(Comparator.comparingDouble(c -> squaredDistance(middle, centers[c])))
              .mapToInt(Integer::intValue)
              .toArray();
      double mass = 0;
      for (int cluster : nearest) {
        double share = sizes.share(cluster);
        if (mass + share <= 1.0 / LABELS) {
          mass += share;
          labels[cluster] = label;
          isTaken[cluster] = true;
        }
      }
    }
    return labels;
  }

  private static double squaredDistance(double[] left, double[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += (left[i] - right[i]) * (left[i] - right[i]);
    }
    return sum;
  }
}
