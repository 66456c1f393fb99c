package io.capsdb.server.command;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.capsdb.io.Disk;
import io.capsdb.server.http.Access;
import io.capsdb.server.http.HttpConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The settings of `capsdb serve`. Each can be given as a flag, as an environment variable, and in
/// a file; the flag counts most, the file least.
final class ServeSettings {
  private static final int MAX_FILE_BYTES = 1 << 20;
  private static final int MAX_SECONDS = 86_400;

  /// A setting that there is.
  ///
  /// @param standard its value where nobody gives one; empty for none
  /// @param isSecret whether its value is never shown
  record Known(String name, String standard, boolean isSecret) {
    Known(String name, String standard) {
      this(name, standard, false);
    }

    /// For example `CAPSDB_READ_ONLY_API_KEY`.
    String variable() {
      return "CAPSDB_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }
  }

  /// All of them, in the order in which they are shown.
  static final List<Known> ALL =
      List.of(
          new Known("host", "127.0.0.1"),
          new Known("port", "6333"),
          new Known("api-key", "", true),
          new Known("second-api-key", "", true),
          new Known("read-only-api-key", "", true),
          new Known("open-to-network", "false"),
          new Known("tls-cert", ""),
          new Known("tls-key", ""),
          new Known("cors", "true"),
          new Known("audit", "false"),
          new Known("log-format", "text"),
          new Known("snapshot-hosts", ""),
          new Known("snapshot-max-mib", "1048576"),
          new Known("max-body-mib", ""),
          new Known("max-bodies-mib", ""),
          new Known("workers", ""),
          new Known("writers", ""),
          new Known("queue", ""),
          new Known("connections", ""),
          new Known("header-seconds", "5"),
          new Known("idle-seconds", "30"),
          new Known("receive-seconds", "60"),
          new Known("answer-seconds", "120"),
          new Known("snapshot-seconds", "3600"),
          new Known("stop-seconds", "10"));

  private final Map<String, String> values = new TreeMap<>();
  private final Map<String, String> sources = new TreeMap<>();

  private ServeSettings() {}

  /// Puts the sources on top of each other.
  ///
  /// @throws UsageException if a flag or the file names a setting that there is not
  static ServeSettings of(
      Map<String, String> flags, Map<String, String> environment, Map<String, String> file) {
    requireKnown(flags, "there is no setting ");
    requireKnown(file, "the file of settings: there is no setting ");
    ServeSettings settings = new ServeSettings();
    for (Known known : ALL) {
      settings.put(known, known.standard(), "default");
      if (file.containsKey(known.name())) {
        settings.put(known, file.get(known.name()), "file");
      }
      if (environment.containsKey(known.variable())) {
        settings.put(known, environment.get(known.variable()), known.variable());
      }
      if (flags.containsKey(known.name())) {
        settings.put(known, flags.get(known.name()), "flag");
      }
    }
    return settings;
  }

  private static void requireKnown(Map<String, String> given, String begin) {
    for (String name : given.keySet()) {
      if (ALL.stream().noneMatch(known -> known.name().equals(name))) {
        throw new UsageException(
            begin
                + "'"
                + name
                + "', there are "
                + String.join(", ", ALL.stream().map(Known::name).toList()));
      }
    }
  }

  private void put(Known known, String value, String source) {
    values.put(known.name(), value);
    sources.put(known.name(), source);
  }

  /// Reads a file of settings: YAML, or JSON, one member for each.
  static Map<String, String> read(Disk disk, Path file) throws IOException {
    Map<String, String> values = new TreeMap<>();
    byte[] bytes;
    try (InputStream in = disk.read(file)) {
      bytes = in.readNBytes(MAX_FILE_BYTES);
    }
    JsonNode root;
    try {
      root = new YAMLMapper().readTree(bytes);
    } catch (JacksonException e) {
      throw new UsageException("--config: " + file + " is not well-formed YAML");
    }
    if (root == null || root.isMissingNode() || root.isNull()) {
      return values;
    }
    if (!root.isObject()) {
      throw new UsageException("--config: " + file + " must hold lines such as 'port: 6333'");
    }
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      if (!entry.getValue().isValueNode()) {
        throw new UsageException("--config: " + entry.getKey() + " must have a plain value");
      }
      values.put(entry.getKey(), entry.getValue().asText());
    }
    return values;
  }

  String text(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("there is no setting " + name);
    }
    return value;
  }

  boolean has(String name) {
    return !text(name).isEmpty();
  }

  boolean flag(String name) {
    return switch (text(name)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new UsageException(
              name + ": value '" + text(name) + "' invalid, must be true or false");
    };
  }

  int whole(String name, int low, int high) {
    String value = text(name);
    if (value.matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(value);
      if (number >= low && number <= high) {
        return number;
      }
    }
    throw new UsageException(
        "--" + name + ": value " + value + " invalid, must be from " + low + " to " + high);
  }

  private int millis(String name) {
    return 1_000 * whole(name, 1, MAX_SECONDS);
  }

  /// Shows each setting, where it comes from, and how else it can be given.
  void print(PrintStream out) {
    for (Known known : ALL) {
      String value = text(known.name());
      String shown = value.isEmpty() ? "(not set)" : known.isSecret() ? "(set, not shown)" : value;
      out.printf(
          Locale.ROOT,
          "%-18s %-18s from %-10s variable %s%n",
          known.name(),
          shown,
          sources.get(known.name()),
          known.variable());
    }
  }

  /// The settings of the HTTP server.
  ///
  /// @throws UsageException if a value is not allowed, or the server would be open to a network
  ///     without a key and nobody said that it should
  HttpConfig apply(HttpConfig base, Disk disk) {
    HttpConfig config =
        base.withHost(text("host"))
            .withPort(whole("port", 0, ServeCommand.MAX_PORT))
            .withAccess(access())
            .withCors(flag("cors"))
            .withAudit(flag("audit"))
            .withDeadlines(
                new HttpConfig.Deadlines(
                        millis("header-seconds"),
                        millis("idle-seconds"),
                        millis("receive-seconds"),
                        millis("answer-seconds"),
                        millis("stop-seconds"))
                    .withSnapshotMillis(millis("snapshot-seconds")));
    config = config.withSnapshots(snapshots());
    if (has("max-body-mib")) {
      config = config.withMaxBodyBytes((long) whole("max-body-mib", 1, 2_047) << 20);
    }
    if (has("max-bodies-mib")) {
      config = config.withMaxBodiesInFlightBytes((long) whole("max-bodies-mib", 1, 1 << 20) << 20);
    }
    config =
        config.withWorkers(
            has("workers") ? whole("workers", 1, 1_024) : config.limits().workers(),
            has("writers") ? whole("writers", 1, 1_024) : config.limits().writers());
    if (has("queue")) {
      config = config.withQueue(whole("queue", 1, 1 << 20));
    }
    if (has("connections")) {
      config = config.withConnections(whole("connections", 1, 1 << 20));
    }
    if (has("tls-cert") != has("tls-key")) {
      throw new UsageException("--tls-cert and --tls-key belong together");
    }
    if (has("tls-cert")) {
      config = config.withTls(() -> pem(disk));
    }
    requireClosed();
    return config;
  }

  /// Hosts are written one after the other, with commas between them.
  private HttpConfig.SnapshotSources snapshots() {
    Set<String> hosts = new TreeSet<>();
    for (String host : text("snapshot-hosts").split(",", -1)) {
      if (!host.isBlank()) {
        hosts.add(host.strip().toLowerCase(Locale.ROOT));
      }
    }
    try {
      return new HttpConfig.SnapshotSources(
          hosts, (long) whole("snapshot-max-mib", 1, 999_999_999) << 20);
    } catch (IllegalArgumentException e) {
      throw new UsageException("snapshot-hosts: " + e.getMessage());
    }
  }

  private HttpConfig.Tls.Pem pem(Disk disk) throws IOException {
    return new HttpConfig.Tls.Pem(
        bytes(disk, Path.of(text("tls-cert"))), bytes(disk, Path.of(text("tls-key"))));
  }

  private static byte[] bytes(Disk disk, Path file) throws IOException {
    try (InputStream in = disk.read(file)) {
      return in.readNBytes(MAX_FILE_BYTES);
    }
  }

  private Access access() {
    Access access = Access.OPEN;
    try {
      for (String name : List.of("api-key", "second-api-key")) {
        if (has(name)) {
          access = access.with(Access.Key.of(name, Access.Role.WRITE, text(name)));
        }
      }
      if (has("read-only-api-key")) {
        access =
            access.with(
                Access.Key.of("read-only-api-key", Access.Role.READ, text("read-only-api-key")));
      }
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
    return access;
  }

  private void requireClosed() {
    if (has("api-key") || flag("open-to-network") || isLoopback(text("host"))) {
      return;
    }
    throw new UsageException(
        "--host "
            + text("host")
            + " would let everybody on the network read, write and delete. Give a key (--api-key, or"
            + " better "
            + "CAPSDB_API_KEY), or say --open-to-network if that is what you want");
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
