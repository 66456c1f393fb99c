package io.capsdb;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// What collections may be called, and how a name is written where only a few letters are safe.
public final class CollectionNames {
  private static final int MOST = 255;

  /// Letters and digits of all scripts, with the marks that some letters are written with.
  private static final Pattern ALLOWED =
      Pattern.compile("[\\p{L}\\p{Nd}_-][\\p{L}\\p{M}\\p{Nd}_.-]*");

  /// Letters and marks that show nothing: a name with one would look like another.
  private static final Pattern INVISIBLE =
      Pattern.compile(
          "[\\x{34F}\\x{115F}\\x{1160}\\x{17B4}\\x{17B5}\\x{180B}-\\x{180F}\\x{3164}\\x{FE00}-\\x{FE0F}"
              + "\\x{FFA0}\\x{E0100}-\\x{E01EF}]");

  private static final Pattern UNSAFE = Pattern.compile("[^A-Za-z0-9_.-]");

  /// Most characters of an escaped name: with it a folder has a name that every file system takes.
  private static final int MOST_ESCAPED = 200;

  private static final int KEPT = 120;
  private static final int STEM = 128;

  private CollectionNames() {}

  /// Whether a collection can have a name.
  public static boolean isAllowed(String name) {
    return isShort(name)
        && ALLOWED.matcher(name).matches()
        && !INVISIBLE.matcher(name).find()
        && Normalizer.isNormalized(name, Normalizer.Form.NFC);
  }

  /// @throws IllegalArgumentException if no collection can have the name
  static void require(String name) {
    if (name.isEmpty() || !isShort(name)) {
      int count = name.codePointCount(0, name.length());
      throw new IllegalArgumentException(
          "collection name has " + count + " characters, must have 1 to " + MOST);
    }
    if (!isAllowed(name)) {
      throw new IllegalArgumentException(
          "collection name '"
              + shown(name)
              + "' may have letters and digits of any script, '_', '-' and '.', must not begin with"
              + " '.' or a mark, and must be in Unicode's normal form NFC");
    }
  }

  private static boolean isShort(String name) {
    return name.codePointCount(0, name.length()) <= MOST;
  }

  /// Any text from a request, of a length for a message.
  static String shown(String name) {
    return isShort(name) ? name : name.substring(0, name.offsetByCodePoints(0, MOST)) + "…";
  }

  /// What the folder of a collection's snapshots is called; no two names give the same. Names of
  /// ASCII stand for themselves. The bytes of other characters are written `=C3`, since a file
  /// system may take two ways to write one letter for the same, or refuse it; where that is long,
  /// the hash of the name tells it apart.
  static String folder(String name) {
    String escaped = UNSAFE.matcher(name).replaceAll(found -> escape(found.group()));
    return escaped.equals(name) || escaped.length() <= MOST_ESCAPED
        ? escaped
        : escaped.substring(0, KEPT) + "==" + hash(name);
  }

  private static String escape(String character) {
    HexFormat form = HexFormat.of().withUpperCase().withPrefix("=");
    return form.formatHex(character.getBytes(StandardCharsets.UTF_8));
  }

  private static String hash(String name) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(name.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// Begins the names of a collection's snapshots, which stand in paths of URLs: for people, two
  /// collections may have the same.
  static String stem(String name) {
    String safe = UNSAFE.matcher(name).replaceAll("_");
    return safe.substring(0, Math.min(safe.length(), STEM));
  }
}
