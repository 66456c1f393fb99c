import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Checks or rewrites every Java file below a folder with google-java-format.
///
/// Usage: `java Format.java check|apply FOLDER`. `check` ends with status 1 and names each file
/// that differs.
public final class Format {
  private Format() {}

  public static void main(String[] args) throws Exception {
    boolean isApply = args[0].equals("apply");
    Path root = Path.of(args[1]);
    Formatter formatter = new Formatter(JavaFormatterOptions.defaultOptions());
    List<Path> different = new ArrayList<>();
    for (Path file : sources(root)) {
      String before = Files.readString(file);
      String after;
      try {
        after =
            formatter.formatSource(
                RemoveUnusedImports.removeUnusedImports(
                    ImportOrderer.reorderImports(
                        wrapDocs(before), JavaFormatterOptions.Style.GOOGLE)));
      } catch (com.google.googlejavaformat.java.FormatterException e) {
        System.err.println(root.relativize(file) + ": " + e.getMessage());
        different.add(file);
        continue;
      }
      if (!before.equals(after)) {
        different.add(file);
        if (isApply) {
          Files.writeString(file, after);
        }
      }
    }
    for (Path file : different) {
      System.err.println((isApply ? "formatted " : "not formatted: ") + root.relativize(file));
    }
    if (!isApply && !different.isEmpty()) {
      System.err.println("Format them with: mvn -N validate -Pformat");
      System.exit(1);
    }
  }

  /// Breaks `///` lines above 100 columns at a blank. The formatter would continue them with `//`,
  /// which ends the doc comment.
  static String wrapDocs(String source) {
    StringBuilder out = new StringBuilder();
    for (String line : source.split("\n", -1)) {
      String rest = line;
      String text = line.stripLeading();
      if (text.startsWith("/// ") && !text.startsWith("/// |")) {
        String lead = line.substring(0, line.length() - text.length()) + "/// ";
        String hang = text.startsWith("/// @") ? lead + "    " : lead;
        int cut;
        while (rest.length() > 100 && (cut = rest.lastIndexOf(' ', 100)) > hang.length()) {
          out.append(rest, 0, cut).append('\n');
          rest = hang + rest.substring(cut + 1);
        }
      }
      out.append(rest).append('\n');
    }
    out.setLength(out.length() - 1);
    return out.toString();
  }

  private static List<Path> sources(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(p -> p.toString().endsWith(".java"))
          .filter(p -> !root.relativize(p).toString().matches("(.*/)?target/.*"))
          .sorted()
          .toList();
    }
  }
}
