package io.capsdb.point;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A path into a payload: keys separated by dots, each followed by any number of `[]` (all
/// elements) or `[7]` (one element). A key with a dot, a bracket or a quote in it stands in double
/// quotes, with `\` before each quote and each `\` in it.
///
/// `a.b` does not step into arrays, `a[].b` does. What a path names can be a value, several, or
/// nothing.
public final class FieldPath {
  /// The longest path that is read, in characters.
  public static final int MAX_LENGTH = 1_024;

  private final String text;
  private final List<Step> steps;

  sealed interface Step {
    record Key(String name) implements Step {}

    record Every() implements Step {}

    record At(int position) implements Step {}
  }

  private FieldPath(String text, List<Step> steps) {
    this.text = text;
    this.steps = List.copyOf(steps);
  }

  /// Reads a path.
  ///
  /// @throws IllegalArgumentException if it is malformed, naming the character
  public static FieldPath parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "field path has "
              + text.length()
              + " characters, at most "
              + MAX_LENGTH
              + " are allowed");
    }
    List<Step> steps = new ArrayList<>();
    int at = 0;
    while (true) {
      at = readKey(text, at, steps);
      while (at < text.length() && text.charAt(at) == '[') {
        at = readBracket(text, at, steps);
      }
      if (at == text.length()) {
        return new FieldPath(text, steps);
      }
      if (text.charAt(at) != '.') {
        throw malformed(text, at, "expected '.' or '['");
      }
      at++;
    }
  }

  /// The text of a path of keys, quoted where a key needs it.
  public static String join(String parent, String key) {
    boolean isPlain = !key.isEmpty();
    for (int i = 0; i < key.length() && isPlain; i++) {
      isPlain = ".[]\"".indexOf(key.charAt(i)) < 0;
    }
    String written = isPlain ? key : '"' + key.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    return parent.isEmpty() ? written : parent + "." + written;
  }

  List<Step> steps() {
    return steps;
  }

  /// Number of steps: keys and brackets.
  public int length() {
    return steps.size();
  }

  /// Whether the path is made of keys alone, so that it names at most one value.
  public boolean isPlain() {
    return steps.stream().allMatch(Step.Key.class::isInstance);
  }

  /// The path with each key quoted only where it must be: equal for paths that mean the same.
  public String canonical() {
    StringBuilder out = new StringBuilder();
    for (Step step : steps) {
      switch (step) {
        case Step.Key(String name) -> {
          String joined = join("", name);
          out.append(out.isEmpty() ? "" : ".").append(joined);
        }
        case Step.Every() -> out.append("[]");
        case Step.At(int position) -> out.append('[').append(position).append(']');
      }
    }
    return out.toString();
  }

  /// Whether some value that the path names passes the test; false when it names nothing.
  public boolean any(Payload payload, Predicate<@Nullable Object> test) {
    return any(payload.fields(), 0, test);
  }

  /// Whether all values that the path names pass the test; true when it names nothing.
  public boolean all(Payload payload, Predicate<@Nullable Object> test) {
    return !any(payload, test.negate());
  }

  private boolean any(@Nullable Object value, int depth, Predicate<@Nullable Object> test) {
    if (depth == steps.size()) {
      return test.test(value);
    }
    return switch (steps.get(depth)) {
      case Step.Key(String name) ->
          value instanceof Map<?, ?> map
              && map.containsKey(name)
              && any(map.get(name), depth + 1, test);
      case Step.Every() -> {
        if (value instanceof List<?> list) {
          for (Object element : list) {
            if (any(element, depth + 1, test)) {
              yield true;
            }
          }
        }
        yield false;
      }
      case Step.At(int position) ->
          value instanceof List<?> list
              && position < list.size()
              && any(list.get(position), depth + 1, test);
    };
  }

  private static int readKey(String text, int from, List<Step> steps) {
    if (from < text.length() && text.charAt(from) == '"') {
      StringBuilder key = new StringBuilder();
      int at = from + 1;
      while (at < text.length() && text.charAt(at) != '"') {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        key.append(text.charAt(at++));
      }
      if (at >= text.length()) {
        throw malformed(text, from, "the quote is not closed");
      }
      steps.add(new Step.Key(key.toString()));
      return at + 1;
    }
    int at = from;
    while (at < text.length() && ".[]\"".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    if (at == from) {
      throw malformed(text, from, "a key is missing");
    }
    steps.add(new Step.Key(text.substring(from, at)));
    return at;
  }

  private static int readBracket(String text, int from, List<Step> steps) {
    int close = text.indexOf(']', from);
    if (close < 0) {
      throw malformed(text, from, "the bracket is not closed");
    }
    String inside = text.substring(from + 1, close);
    if (inside.isEmpty()) {
      steps.add(new Step.Every());
    } else if (inside.length() <= 9 && inside.chars().allMatch(c -> c >= '0' && c <= '9')) {
      steps.add(new Step.At(Integer.parseInt(inside)));
    } else {
      throw malformed(text, from, "a bracket holds nothing or a whole number below 10^9");
    }
    return close + 1;
  }

  private static IllegalArgumentException malformed(String text, int at, String why) {
    return new IllegalArgumentException(
        "field path \"" + text + "\" is malformed at character " + at + ": " + why);
  }

  @Override
  public String toString() {
    return text;
  }
}
