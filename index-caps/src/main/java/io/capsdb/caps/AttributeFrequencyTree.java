package io.capsdb.caps;

import io.capsdb.attribute.AttributeField;
import io.capsdb.attribute.AttributeIndex;
import io.capsdb.attribute.SlotFacts.Fact;
import io.capsdb.attribute.ValueType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The attribute frequency trees of all partitions (CAPS, section 1.2, frequency order): each a
/// decision list of the most frequent values of its partition. The slot of a row is the first of
/// them that it holds, or the tail.
final class AttributeFrequencyTree {
  /// Values held by fewer rows of the partition give slots too small to skip.
  private static final int MIN_FREQUENCY = 4;

  private final List<Fact> facts = new ArrayList<>();
  private final int[] tokenStart;
  private final int[] tokens;
  private final int height;

  /// @param attributes in the order of the rows
  AttributeFrequencyTree(AttributeIndex attributes, int height) {
    this.height = height;
    List<AttributeField> fields =
        attributes.fields().stream()
            // The strings of date-times stand among the keywords too.
            .filter(field -> field.hasPostings() && field.type() != ValueType.DATETIME)
            .toList();
    this.tokenStart = new int[attributes.size() + 1];
    for (AttributeField field : fields) {
      for (int code = 0; code < field.valueCount(); code++) {
        facts.add(new Fact(field.path(), field.value(code)));
      }
      field.forEach((_, row) -> tokenStart[row + 1]++);
    }
    Arrays.parallelPrefix(tokenStart, Integer::sum);
    this.tokens = new int[tokenStart[attributes.size()]];
    int[] next = tokenStart.clone();
    int firstToken = 0;
    for (AttributeField field : fields) {
      int first = firstToken;
      field.forEach((code, row) -> tokens[next[row]++] = first + code);
      firstToken += field.valueCount();
    }
  }

  /// Every value of every field; a token is a place in this list.
  List<Fact> facts() {
    return facts;
  }

  /// The decision list of a partition: at most `height` tokens, most frequent first.
  int[] listOf(int[] rows) {
    int[] counts = new int[facts.size()];
    for (int row : rows) {
      for (int i = tokenStart[row]; i < tokenStart[row + 1]; i++) {
        counts[tokens[i]]++;
      }
    }
    return IntStream.range(0, counts.length)
        .filter(token -> counts[token] >= MIN_FREQUENCY)
        .boxed()
        .sorted((a, b) -> counts[a] != counts[b] ? counts[b] - counts[a] : a - b)
        .limit(height)
        .mapToInt(token -> token)
        .toArray();
  }

  /// The slot of a row under a decision list: the place of the first token that it holds, or the
  /// list's length.
  int slotOf(int row, int[] list) {
    for (int slot = 0; slot < list.length; slot++) {
      for (int i = tokenStart[row]; i < tokenStart[row + 1]; i++) {
        if (tokens[i] == list[slot]) {
          return slot;
        }
      }
    }
    return list.length;
  }

  /// Order of two rows by all their values.
  int compareTuples(int left, int right) {
    return Arrays.compare(
        tokens,
        tokenStart[left],
        tokenStart[left + 1],
        tokens,
        tokenStart[right],
        tokenStart[right + 1]);
  }
}
