package io.capsdb.embeddings.data;

import io.capsdb.formats.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/// A data set in memory, with a class for each sample.
///
/// @param labels number of the class of each sample
/// @param classes their names, in order: numbers by value, before texts by letters
@SuppressWarnings("ArrayRecordComponent") // read only
public record LabelledSet(List<Content> contents, int[] labels, List<String> classes) {
  public LabelledSet {
    contents = List.copyOf(contents);
    classes = List.copyOf(classes);
    if (contents.size() != labels.length) {
      throw new IllegalArgumentException(
          contents.size() + " samples have " + labels.length + " labels");
    }
  }

  /// Reads a source to its end, or up to a number of samples.
  ///
  /// @param field of the attributes that holds the label
  /// @throws FormatException if a sample has no label, or there is no sample
  public static LabelledSet read(SampleSource source, String field, int most) throws IOException {
    List<Content> contents = new ArrayList<>();
    List<String> names = new ArrayList<>();
    while (contents.size() < most) {
      Optional<Sample> next = source.next();
      if (next.isEmpty()) {
        break;
      }
      Object label = next.get().payload().fields().get(field);
      if (label == null || label instanceof List<?> || label instanceof Map<?, ?>) {
        throw new FormatException(
            source.file(),
            "row " + next.get().number(),
            "its field '" + field + "' is " + label + ", not a label");
      }
      contents.add(next.get().content());
      names.add(label.toString());
    }
    if (contents.isEmpty()) {
      throw new FormatException(source.file(), "file", "it has no samples");
    }
    TreeMap<String, Integer> numbers = new TreeMap<>(LabelledSet::compare);
    names.forEach(name -> numbers.put(name, 0));
    int number = 0;
    for (Map.Entry<String, Integer> entry : numbers.entrySet()) {
      entry.setValue(number++);
    }
    int[] labels = names.stream().mapToInt(numbers::get).toArray();
    return new LabelledSet(contents, labels, List.copyOf(numbers.keySet()));
  }

  private static int compare(String a, String b) {
    boolean isNumberA = a.matches("-?[0-9]{1,18}");
    boolean isNumberB = b.matches("-?[0-9]{1,18}");
    if (isNumberA && isNumberB) {
      int byValue = Long.compare(Long.parseLong(a), Long.parseLong(b));
      return byValue != 0 ? byValue : a.compareTo(b);
    }
    return Comparator.comparing((String s) -> !s.matches("-?[0-9]{1,18}"))
        .thenComparing(Comparator.naturalOrder())
        .compare(a, b);
  }

  public int size() {
    return labels.length;
  }

  /// CRC32C of all samples with their labels, in order: tells data sets apart.
  public int checksum() {
    CRC32C sum = new CRC32C();
    ByteBuffer number = ByteBuffer.allocate(2 * Integer.BYTES);
    for (int i = 0; i < labels.length; i++) {
      byte[] bytes =
          switch (contents.get(i)) {
            case Content.Pixels(byte[] values) -> values;
            case Content.Text(String text) -> text.getBytes(StandardCharsets.UTF_8);
          };
      sum.update(number.clear().putInt(labels[i]).putInt(bytes.length).array());
      sum.update(bytes);
    }
    classes.forEach(name -> sum.update(name.getBytes(StandardCharsets.UTF_8)));
    return (int) sum.getValue();
  }

  /// The samples `from .. to - 1`.
  public LabelledSet slice(int from, int to) {
    return new LabelledSet(
        contents.subList(from, to), java.util.Arrays.copyOfRange(labels, from, to), classes);
  }

  /// Some of the samples, in the given order.
  public LabelledSet choose(int[] rows) {
    int[] chosen = java.util.Arrays.stream(rows).map(row -> labels[row]).toArray();
    List<Content> some = java.util.Arrays.stream(rows).mapToObj(contents::get).toList();
    return new LabelledSet(some, chosen, classes);
  }

  /// The same samples with other labels.
  public LabelledSet withLabels(int[] others) {
    return new LabelledSet(contents, others.clone(), classes);
  }
}
