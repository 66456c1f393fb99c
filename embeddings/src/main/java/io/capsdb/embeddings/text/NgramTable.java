package io.capsdb.embeddings.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Texts as averages of learned vectors, one for each bucket into which n-grams are hashed: words,
/// pairs of words, and four letters of a word. Has no vocabulary, so no text is unknown.
///
/// The weights are bucket by bucket.
///
/// @param buckets at least 16; n-grams of one bucket share a vector
/// @param dimension values of a vector, at least 1
public record NgramTable(int buckets, int dimension) {
  /// Long texts are told by their beginning.
  private static final int MOST_NGRAMS = 400;

  private static final int LETTERS = 4;
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

  public NgramTable {
    if (buckets < 16 || buckets > 1 << 24) {
      throw new IllegalArgumentException("buckets must be from 16 to 16777216, was " + buckets);
    }
    if (dimension < 1 || dimension > 4_096) {
      throw new IllegalArgumentException("dimension must be from 1 to 4096, was " + dimension);
    }
    Math.multiplyExact(buckets, dimension);
  }

  public int weightCount() {
    return buckets * dimension;
  }

  /// The buckets of a text's n-grams; empty where it has no letter and no digit.
  int[] ngrams(String text) {
    int[] found = new int[MOST_NGRAMS];
    int count = 0;
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(text.toLowerCase(Locale.ROOT));
    while (matcher.find() && words.size() < MOST_NGRAMS / 2) {
      words.add(matcher.group());
    }
    // Words and pairs first: they tell more than letters do.
    for (int i = 0; i < words.size() && count + 1 < MOST_NGRAMS; i++) {
      found[count++] = bucket(words.get(i), "");
      if (i + 1 < words.size()) {
        found[count++] = bucket(words.get(i), words.get(i + 1));
      }
    }
    for (String word : words) {
      String framed = '<' + word + '>';
      for (int at = 0; at + LETTERS <= framed.length() && count < MOST_NGRAMS; at++) {
        found[count++] = bucket("", framed.substring(at, at + LETTERS));
      }
    }
    return Arrays.copyOf(found, count);
  }

  private int bucket(String first, String second) {
    long hash = 0xcbf29ce484222325L; // FNV-1a, 64 bits
    for (int i = 0; i < first.length(); i++) {
      hash = (hash ^ first.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ 0x1f) * 0x100000001b3L;
    for (int i = 0; i < second.length(); i++) {
      hash = (hash ^ second.charAt(i)) * 0x100000001b3L;
    }
    hash ^= hash >>> 32;
    return (int) Long.remainderUnsigned(hash * 0x9E3779B97F4A7C15L, buckets);
  }

  /// The vector of a text, of length 1; zeros where it has no n-gram.
  public float[] embed(float[] weights, String text) {
    float[] vector = sum(weights, ngrams(text));
    normalize(vector);
    return vector;
  }

  float[] sum(float[] weights, int[] ngrams) {
    float[] sum = new float[dimension];
    for (int bucket : ngrams) {
      int at = bucket * dimension;
      for (int k = 0; k < dimension; k++) {
        sum[k] += weights[at + k];
      }
    }
    return sum;
  }

  /// Brings a vector to length 1 and tells its length before.
  static float normalize(float[] vector) {
    double square = 0;
    for (float value : vector) {
      square += (double) value * value;
    }
    float length = (float) Math.sqrt(square);
    if (length > 0) {
      for (int k = 0; k < vector.length; k++) {
        vector[k] /= length;
      }
    }
    return length;
  }
}
