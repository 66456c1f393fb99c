package io.capsdb.embeddings.experiment;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Brings new texts into a space of latent semantic analysis of which only the documents' vectors
/// are there (Deerwester et al., 1990, "folding in"): with the documents' weighted counts *A* and
/// their vectors *X*, the vectors of terms are `Aᵀ X (Xᵀ X)⁻¹`, and a text is the sum of those of
/// its terms.
final class LsaFolding {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]{2,}");
  private static final int LEAST_DOCUMENTS = 5;

  private final Map<String, Integer> terms = new HashMap<>();
  private final double[] rarity;
  private final float[][] ofTerms;

  /// @param vectors of the documents, all of one length
  LsaFolding(List<String> documents, float[][] vectors) {
    Map<String, Integer> frequency = new HashMap<>();
    for (String document : documents) {
      new HashSet<>(words(document)).forEach(word -> frequency.merge(word, 1, Integer::sum));
    }
    frequency.forEach(
        (word, count) -> {
          if (count >= LEAST_DOCUMENTS) {
            terms.put(word, terms.size());
          }
        });
    rarity = new double[terms.size()];
    terms.forEach(
        (word, term) ->
            rarity[term] =
                1 + Math.log((1.0 + documents.size()) / (1.0 + frequency.getOrDefault(word, 0))));
    int dimension = vectors[0].length;
    double[][] sums = new double[terms.size()][dimension];
    double[][] products = new double[dimension][dimension];
    for (int i = 0; i < vectors.length; i++) {
      float[] vector = vectors[i];
      weights(documents.get(i))
          .forEach(
              (term, weight) -> {
                for (int k = 0; k < dimension; k++) {
                  sums[term][k] += weight * vector[k];
                }
              });
      for (int k = 0; k < dimension; k++) {
        for (int j = 0; j < dimension; j++) {
          products[k][j] += (double) vector[k] * vector[j];
        }
      }
    }
    double[][] inverse = inverse(products);
    ofTerms = new float[terms.size()][dimension];
    for (int term = 0; term < ofTerms.length; term++) {
      for (int k = 0; k < dimension; k++) {
        double sum = 0;
        for (int j = 0; j < dimension; j++) {
          sum += sums[term][j] * inverse[j][k];
        }
        ofTerms[term][k] = (float) sum;
      }
    }
  }

  /// The vector of a text, of length 1.
  float[] fold(String text) {
    float[] vector = new float[ofTerms[0].length];
    weights(text)
        .forEach(
            (term, weight) -> {
              for (int k = 0; k < vector.length; k++) {
                vector[k] += (float) (weight * ofTerms[term][k]);
              }
            });
    double square = 0;
    for (float value : vector) {
      square += value * value;
    }
    for (int k = 0; k < vector.length; k++) {
      vector[k] /= square > 0 ? (float) Math.sqrt(square) : 1;
    }
    return vector;
  }

  /// Counts by rarity, the whole of length 1.
  private Map<Integer, Double> weights(String text) {
    Map<Integer, Double> weights = new HashMap<>();
    for (String word : words(text)) {
      Integer term = terms.get(word);
      if (term != null) {
        weights.merge(term, rarity[term], Double::sum);
      }
    }
    double square = 0;
    for (double weight : weights.values()) {
      square += weight * weight;
    }
    double length = Math.sqrt(square);
    weights.replaceAll((_, weight) -> weight / length);
    return weights;
  }

  private static List<String> words(String text) {
    Matcher matcher = WORD.matcher(text.toLowerCase(Locale.ROOT));
    return matcher.results().map(result -> result.group()).toList();
  }

  /// Of a symmetric, positive matrix, by elimination.
  private static double[][] inverse(double[][] matrix) {
    int n = matrix.length;
    double[][] work = new double[n][2 * n];
    for (int i = 0; i < n; i++) {
      System.arraycopy(matrix[i], 0, work[i], 0, n);
      work[i][i] += 1e-9 * matrix[i][i] + 1e-12;
      work[i][n + i] = 1;
    }
    for (int c = 0; c < n; c++) {
      double pivot = work[c][c];
      for (int k = 0; k < 2 * n; k++) {
        work[c][k] /= pivot;
      }
      for (int i = 0; i < n; i++) {
        double factor = i == c ? 0 : work[i][c];
        for (int k = 0; k < 2 * n && factor != 0; k++) {
          work[i][k] -= factor * work[c][k];
        }
      }
    }
    double[][] inverse = new double[n][n];
    for (int i = 0; i < n; i++) {
      System.arraycopy(work[i], n, inverse[i], 0, n);
    }
    return inverse;
  }
}
