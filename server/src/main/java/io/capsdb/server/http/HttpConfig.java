package io.capsdb.server.http;

import com.sun.management.UnixOperatingSystemMXBean;
import io.capsdb.DatabaseOptions;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/// Settings of the HTTP server. Immutable: each `with` method answers a changed copy.
///
/// @param host the address to listen on, for example `127.0.0.1`
/// @param port 1 to 65,535, or 0 for any free one
/// @param version our own version, shown as `capsdb_version`
/// @param commit the 40 hexadecimal digits of the commit that was built; zeros when unknown
/// @param isCorsOpen whether pages of any origin may call the API
/// @param access who may do what
/// @param isAudited whether writes and refusals are logged
/// @param tls certificate and key; empty for plain HTTP
/// @param snapshots where snapshots are fetched from
/// @param nanoClock a clock for durations, such as `System::nanoTime`
public record HttpConfig(
    String host,
    int port,
    String version,
    String commit,
    boolean isCorsOpen,
    Access access,
    boolean isAudited,
    Optional<Tls> tls,
    SnapshotSources snapshots,
    Limits limits,
    Deadlines deadlines,
    LongSupplier nanoClock) {

  /// A commit that is not known.
  public static final String UNKNOWN_COMMIT = "0".repeat(40);

  private static final long MIB = 1 << 20;

  /// Where certificate and key come from. They are read again now and then, so that a new
  /// certificate is taken without a new start.
  @FunctionalInterface
  public interface Tls {
    /// @throws java.io.IOException if they cannot be read
    Pem read() throws java.io.IOException;

    /// Both in PEM form.
    @SuppressWarnings("ArrayRecordComponent") // read once
    record Pem(byte[] certificate, byte[] key) {
      boolean isSame(Pem other) {
        return java.util.Arrays.equals(certificate, other.certificate)
            && java.util.Arrays.equals(key, other.key);
      }
    }
  }

  /// Where snapshots are fetched from.
  ///
  /// @param hosts `name` for the usual port, or `name:port`; none for nowhere
  /// @param maxBytes of a snapshot
  public record SnapshotSources(Set<String> hosts, long maxBytes) {
    static final SnapshotSources NONE = new SnapshotSources(Set.of(), 1L << 40);

    public SnapshotSources {
      requireAtLeast("maxBytes", maxBytes, 1);
      for (String host : hosts) {
        if (!host.matches("([a-z0-9._-]+|\\[[0-9a-f:.]+])(:[0-9]{1,5})?")) {
          throw new IllegalArgumentException(
              "a host must be written as name or name:port in lower case, was '" + host + "'");
        }
      }
      hosts = Set.copyOf(hosts);
    }
  }

  /// How much at once.
  ///
  /// @param maxBodyBytes of one request; beyond it 413
  /// @param maxBodiesInFlightBytes of all bodies that are held at one time; beyond it 429
  /// @param workers threads that read, at least 1
  /// @param writers threads that write, at least 1; a write may wait for background work, so it
  ///     never takes a reader's thread
  /// @param queue requests that wait for a thread, for readers and for writers each; beyond it 429
  /// @param maxAnswerBytes of one answer; beyond it 422
  /// @param connections that are served at one time; beyond it idle ones are closed, and 503
  public record Limits(
      long maxBodyBytes,
      long maxBodiesInFlightBytes,
      int workers,
      int writers,
      int queue,
      long maxAnswerBytes,
      int connections) {
    private static final int MOST_CONNECTIONS = 10_000;
    private static final int FEWEST_CONNECTIONS = 8;

    /// As many connections as there are file descriptors for.
    public Limits(
        long maxBodyBytes,
        long maxBodiesInFlightBytes,
        int workers,
        int writers,
        int queue,
        long maxAnswerBytes) {
      this(
          maxBodyBytes,
          maxBodiesInFlightBytes,
          workers,
          writers,
          queue,
          maxAnswerBytes,
          affordedConnections());
    }

    public Limits {
      requireAtLeast("connections", connections, 1);
      requireAtLeast("maxBodyBytes", maxBodyBytes, 1);
      if (maxBodyBytes > Integer.MAX_VALUE - 16) {
        throw new IllegalArgumentException("maxBodyBytes must be below 2 GiB, was " + maxBodyBytes);
      }
      requireAtLeast("maxBodiesInFlightBytes", maxBodiesInFlightBytes, 1);
      requireAtLeast("workers", workers, 1);
      requireAtLeast("writers", writers, 1);
      requireAtLeast("queue", queue, 1);
      requireAtLeast("maxAnswerBytes", maxAnswerBytes, 1);
    }

    private Limits with(long bodyBytes, long bodiesBytes) {
      return new Limits(
          bodyBytes, bodiesBytes, workers, writers, queue, maxAnswerBytes, connections);
    }

    private Limits with(int readers, int writing, int requests) {
      return new Limits(
          maxBodyBytes,
          maxBodiesInFlightBytes,
          readers,
          writing,
          requests,
          maxAnswerBytes,
          connections);
    }

    private Limits withConnections(int other) {
      return new Limits(
          maxBodyBytes, maxBodiesInFlightBytes, workers, writers, queue, maxAnswerBytes, other);
    }

    /// A third of the file descriptors that are free: the others are for files of the database, and
    /// for connections that are refused.
    private static int affordedConnections() {
      if (ManagementFactory.getOperatingSystemMXBean()
          instanceof UnixOperatingSystemMXBean system) {
        long free = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount();
        return Math.clamp(free / 3, FEWEST_CONNECTIONS, MOST_CONNECTIONS);
      }
      return MOST_CONNECTIONS;
    }

    static Limits defaults() {
      Runtime machine = Runtime.getRuntime();
      int cores = machine.availableProcessors();
      return new Limits(
          32 * MIB,
          Math.max(64 * MIB, machine.maxMemory() / 4),
          cores,
          Math.max(2, cores / 2),
          512,
          Math.clamp(machine.maxMemory() / 4, 64 * MIB, 1_024 * MIB));
    }
  }

  /// How long, in milliseconds.
  ///
  /// @param headerMillis from the connection to the end of its first request's header
  /// @param idleMillis from an answer to the end of the next request's header
  /// @param receiveMillis from the header to the end of the body
  /// @param answerMillis from the end of the body until the answer was taken
  /// @param snapshotMillis the same where a collection is made a snapshot, or a snapshot a
  ///     collection
  /// @param closeMillis that [HttpServer#close] waits for running requests
  /// @param certificateMillis between looks for a new certificate
  public record Deadlines(
      int headerMillis,
      int idleMillis,
      int receiveMillis,
      int answerMillis,
      int snapshotMillis,
      int closeMillis,
      int certificateMillis) {
    private static final int CERTIFICATE_MILLIS = 10_000;

    /// Snapshots take no longer than anything else, and each ten seconds there is a look for a new
    /// certificate.
    public Deadlines(
        int headerMillis, int idleMillis, int receiveMillis, int answerMillis, int closeMillis) {
      this(
          headerMillis,
          idleMillis,
          receiveMillis,
          answerMillis,
          answerMillis,
          closeMillis,
          CERTIFICATE_MILLIS);
    }

    public Deadlines {
      requireAtLeast("certificateMillis", certificateMillis, 1);
      requireAtLeast("headerMillis", headerMillis, 1);
      requireAtLeast("idleMillis", idleMillis, 1);
      requireAtLeast("receiveMillis", receiveMillis, 1);
      requireAtLeast("answerMillis", answerMillis, 1);
      requireAtLeast("snapshotMillis", snapshotMillis, 1);
      requireAtLeast("closeMillis", closeMillis, 1);
    }

    public Deadlines withSnapshotMillis(int other) {
      return new Deadlines(
          headerMillis,
          idleMillis,
          receiveMillis,
          answerMillis,
          other,
          closeMillis,
          certificateMillis);
    }

    static Deadlines defaults() {
      return new Deadlines(5_000, 30_000, 60_000, 120_000, 10_000).withSnapshotMillis(3_600_000);
    }
  }

  public HttpConfig {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be in 0..65535, was " + port);
    }
    if (!commit.matches("[0-9a-f]{40}")) {
      throw new IllegalArgumentException("commit must be 40 hexadecimal digits, was " + commit);
    }
  }

  private static void requireAtLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", was " + value);
    }
  }

  /// Loopback, port 6333.
  ///
  /// @param version our own version
  public static HttpConfig defaults(String version) {
    return new HttpConfig(
        "127.0.0.1",
        6333,
        version,
        UNKNOWN_COMMIT,
        true,
        Access.OPEN,
        false,
        Optional.empty(),
        SnapshotSources.NONE,
        Limits.defaults(),
        Deadlines.defaults(),
        DatabaseOptions.defaults().nanoClock());
  }

  public HttpConfig withHost(String other) {
    return new HttpConfig(
        other,
        port,
        version,
        commit,
        isCorsOpen,
        access,
        isAudited,
        tls,
        snapshots,
        limits,
        deadlines,
        nanoClock);
  }

  public HttpConfig withPort(int other) {
    return new HttpConfig(
        host,
        other,
        version,
        commit,
        isCorsOpen,
        access,
        isAudited,
        tls,
        snapshots,
        limits,
        deadlines,
        nanoClock);
  }

  public HttpConfig withCommit(String other) {
    return new HttpConfig(
        host,
        port,
        version,
        other,
        isCorsOpen,
        access,
        isAudited,
        tls,
        snapshots,
        limits,
        deadlines,
        nanoClock);
  }

  public HttpConfig withCors(boolean other) {
    return new HttpConfig(
        host, port, version, commit, other, access, isAudited, tls, snapshots, limits, deadlines,
        nanoClock);
  }

  public HttpConfig withAccess(Access other) {
    return new HttpConfig(
        host,
        port,
        version,
        commit,
        isCorsOpen,
        other,
        isAudited,
        tls,
        snapshots,
        limits,
        deadlines,
        nanoClock);
  }

  public HttpConfig withAudit(boolean other) {
    return new HttpConfig(
        host,
        port,
        version,
        commit,
        isCorsOpen,
        access,
        other,
        tls,
        snapshots,
        limits,
        deadlines,
        nanoClock);
  }

  public HttpConfig withLimits(Limits other) {
    return new HttpConfig(
        host,
        port,
        version,
        commit,
        isCorsOpen,
        access,
        isAudited,
        tls,
        snapshots,
        other,
        deadlines,
        nanoClock);
  }

  public HttpConfig withDeadlines(Deadlines other) {
    return new HttpConfig(
        host,
        port,
        version,
        commit,
        isCorsOpen,
        access,
        isAudited,
        tls,
        snapshots,
        limits,
        other,
        nanoClock);
  }

  public HttpConfig withNanoClock(LongSupplier other) {
    return new HttpConfig(
        host,
        port,
        version,
        commit,
        isCorsOpen,
        access,
        isAudited,
        tls,
        snapshots,
        limits,
        deadlines,
        other);
  }

  public HttpConfig withSnapshots(SnapshotSources other) {
    return new HttpConfig(
        host,
        port,
        version,
        commit,
        isCorsOpen,
        access,
        isAudited,
        tls,
        other,
        limits,
        deadlines,
        nanoClock);
  }

  public HttpConfig withTls(Tls source) {
    return new HttpConfig(
        host,
        port,
        version,
        commit,
        isCorsOpen,
        access,
        isAudited,
        Optional.of(source),
        snapshots,
        limits,
        deadlines,
        nanoClock);
  }

  public HttpConfig withMaxBodyBytes(long bytes) {
    return withLimits(limits.with(bytes, Math.max(bytes, limits.maxBodiesInFlightBytes)));
  }

  public HttpConfig withMaxBodiesInFlightBytes(long bytes) {
    return withLimits(limits.with(limits.maxBodyBytes, bytes));
  }

  /// @param readers threads that read
  /// @param writers threads that write
  public HttpConfig withWorkers(int readers, int writers) {
    return withLimits(limits.with(readers, writers, limits.queue));
  }

  public HttpConfig withConnections(int most) {
    return withLimits(limits.withConnections(most));
  }

  public HttpConfig withQueue(int requests) {
    return withLimits(limits.with(limits.workers, limits.writers, requests));
  }
}
