package io.capsdb.embeddings.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A byte-pair tokenizer (Sennrich et al., 2016) over the bytes of lower-cased words, each with the
/// blank before it: nothing is unknown to it.
///
/// Token 0 is padding, 1 to 256 are the bytes, the others are the merges in the order in which they
/// were learned. Immutable and safe for use by many threads.
public final class BytePairs {
  private static final int BYTES = 256;
  private static final int MOST_WORD_BYTES = 64;

  private final List<String> merges;
  private final Map<Long, Integer> rank = new HashMap<>();

  private BytePairs(List<String> merges) {
    this.merges = List.copyOf(merges);
    for (int i = 0; i < merges.size(); i++) {
      String[] parts = merges.get(i).split(" ", -1);
      int known = BYTES + 1 + i;
      if (parts.length != 2 || !isToken(parts[0], known) || !isToken(parts[1], known)) {
        throw new IllegalArgumentException("merge " + i + " is '" + merges.get(i) + "'");
      }
      rank.put(pair(Integer.parseInt(parts[0]), Integer.parseInt(parts[1])), known);
    }
  }

  private static boolean isToken(String text, int known) {
    return text.matches("[0-9]{1,7}")
        && Integer.parseInt(text) >= 1
        && Integer.parseInt(text) < known;
  }

  /// The tokenizer of some merges, as [#merges] gave them.
  ///
  /// @throws IllegalArgumentException if one names a token that is not there yet
  public static BytePairs of(List<String> merges) {
    return new BytePairs(merges);
  }

  /// Learns merges from texts: again and again the most frequent pair becomes a token; of equally
  /// frequent ones the smaller.
  ///
  /// @param size tokens in all, at least 257; fewer come out where no pair is left that is there
  ///     twice
  public static BytePairs train(Iterable<String> texts, int size) {
    if (size < BYTES + 1 || size > 1 << 20) {
      throw new IllegalArgumentException("size must be from 257 to 1048576, was " + size);
    }
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (String text : texts) {
      for (String word : words(text)) {
        counts.merge(word, 1, Integer::sum);
      }
    }
    return new Learning(counts).merges(size - BYTES - 1);
  }

  /// What the merges are learned on: each word once, with how often it is there.
  private static final class Learning {
    private final List<int[]> words = new ArrayList<>();
    private final List<Integer> counts = new ArrayList<>();
    private final Map<Long, Long> pairs = new HashMap<>();
    private final Map<Long, Set<Integer>> places = new HashMap<>();

    Learning(Map<String, Integer> wordCounts) {
      wordCounts.forEach(
          (word, count) -> {
            words.add(bytes(word));
            counts.add(count);
            count(words.size() - 1, 1);
          });
    }

    private void count(int word, int sign) {
      int[] tokens = words.get(word);
      for (int i = 0; i + 1 < tokens.length; i++) {
        long pair = pair(tokens[i], tokens[i + 1]);
        pairs.merge(pair, (long) sign * counts.get(word), Long::sum);
        if (sign > 0) {
          places.computeIfAbsent(pair, _ -> new HashSet<>()).add(word);
        }
      }
    }

    BytePairs merges(int most) {
      List<String> merges = new ArrayList<>();
      while (merges.size() < most) {
        Map.Entry<Long, Long> best =
            pairs.entrySet().stream()
                .max(
                    Map.Entry.<Long, Long>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
                .orElse(null);
        if (best == null || best.getValue() < 2) {
          break;
        }
        long pair = best.getKey();
        merges.add((pair >>> 32) + " " + (int) pair);
        int token = BYTES + merges.size();
        for (int word : Objects.requireNonNullElse(places.remove(pair), Set.<Integer>of())) {
          count(word, -1);
          words.set(word, merged(words.get(word), pair, token));
          count(word, 1);
        }
        pairs.remove(pair);
      }
      return new BytePairs(merges);
    }
  }

  private static int[] merged(int[] tokens, long pair, int token) {
    int[] out = new int[tokens.length];
    int count = 0;
    for (int i = 0; i < tokens.length; i++) {
      if (i + 1 < tokens.length && pair(tokens[i], tokens[i + 1]) == pair) {
        out[count++] = token;
        i++;
      } else {
        out[count++] = tokens[i];
      }
    }
    return Arrays.copyOf(out, count);
  }

  private static long pair(int first, int second) {
    return (long) first << 32 | second;
  }

  private static String[] words(String text) {
    String flat = text.toLowerCase(Locale.ROOT).strip();
    return flat.isEmpty() ? new String[0] : flat.split("\\s+", -1);
  }

  private static int[] bytes(String word) {
    byte[] utf8 = (' ' + word).getBytes(StandardCharsets.UTF_8);
    int[] tokens = new int[Math.min(utf8.length, MOST_WORD_BYTES)];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = 1 + (utf8[i] & 0xff);
    }
    return tokens;
  }

  /// Number of tokens, padding included.
  public int size() {
    return BYTES + 1 + merges.size();
  }

  /// The merges, each as the numbers of its two tokens.
  public List<String> merges() {
    return merges;
  }

  /// The first tokens of a text.
  public int[] encode(String text, int most) {
    int[] found = new int[most];
    int count = 0;
    for (String word : words(text)) {
      for (int token : encodeWord(word)) {
        if (count == most) {
          return found;
        }
        found[count++] = token;
      }
    }
    return Arrays.copyOf(found, count);
  }

  private int[] encodeWord(String word) {
    int[] tokens = bytes(word);
    while (tokens.length > 1) {
      int best = Integer.MAX_VALUE;
      long bestPair = 0;
      for (int i = 0; i + 1 < tokens.length; i++) {
        long pair = pair(tokens[i], tokens[i + 1]);
        int token = rank.getOrDefault(pair, Integer.MAX_VALUE);
        if (token < best) {
          best = token;
          bestPair = pair;
        }
      }
      if (best == Integer.MAX_VALUE) {
        break;
      }
      tokens = merged(tokens, bestPair, best);
    }
    return tokens;
  }

  /// The text of tokens; bytes that are no UTF-8 become replacement characters.
  String decode(int[] tokens) {
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    for (int token : tokens) {
      decode(token, bytes);
    }
    return bytes.toString(StandardCharsets.UTF_8).strip();
  }

  private void decode(int token, java.io.ByteArrayOutputStream bytes) {
    if (token > BYTES) {
      String[] parts = merges.get(token - BYTES - 1).split(" ", -1);
      decode(Integer.parseInt(parts[0]), bytes);
      decode(Integer.parseInt(parts[1]), bytes);
    } else if (token > 0) {
      bytes.write(token - 1);
    }
  }

  /// Writes the tokens of a text as a network takes them, filled up with padding.
  public void write(String text, int length, float[] out, int at) {
    int[] tokens = encode(text, length);
    for (int i = 0; i < length; i++) {
      out[at + i] = i < tokens.length ? tokens[i] : 0;
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof BytePairs that && merges.equals(that.merges);
  }

  @Override
  public int hashCode() {
    return merges.hashCode();
  }
}
