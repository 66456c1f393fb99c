package io.capsdb.server.http;

import io.capsdb.Database;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// CapsDB over HTTP.
///
/// Listens from [#start] to [#close]. One event loop moves bytes and never computes; two bounded
/// pools do the work, one for reads and one for writes. The thread of the event loop keeps the
/// process alive. The database belongs to the caller.
public final class HttpServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(HttpServer.class.getName());
  private static final int MAX_HEADER_BYTES = 8_192;
  private static final int STOP_SECONDS = 5;

  /// More than what is left of a turn of the event loop in which deadlines expire.
  private static final int TURN_MILLIS = 20;

  private static final int SPREAD_PART = 5;
  private static final int SPREAD_STEPS = 256;

  /// Bodies and answers of any length that move at one time, and that wait to.
  static final int STREAMS = 16;

  static final int MAX_WAITING_STREAMS = 64;

  private final Service service;
  private final io.vertx.core.http.HttpServer server;
  private final Connections connections;
  private boolean isClosed;

  /// Counted on the event loop.
  private int accepted;

  private HttpServer(Service service) {
    this.service = service;
    this.connections =
        new Connections(service.vertx(), service.config().limits().connections(), service::nanos);
    this.server =
        service
            .vertx()
            .createHttpServer(options(service.config()))
            .connectionHandler(this::connected)
            .requestHandler(this::requested)
            .invalidRequestHandler(HttpServer::refused)
            .exceptionHandler(
                e -> LOG.log(System.Logger.Level.DEBUG, "a connection failed: {0}", e.toString()));
  }

  /// Starts to serve a database; returns when it listens.
  ///
  /// @throws IllegalStateException if the address cannot be listened on, for example because the
  ///     port is taken
  public static HttpServer start(Database database, HttpConfig config) {
    byte[] document = OpenApi.json();
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    HttpConfig.Limits limits = config.limits();
    InFlight inFlight = new InFlight();
    Metrics metrics = new Metrics();
    WorkerPool readers = new WorkerPool("reader", limits.workers(), limits.queue());
    WorkerPool writers = new WorkerPool("writer", limits.writers(), limits.queue());
    WorkerPool streams = new WorkerPool("stream", STREAMS, MAX_WAITING_STREAMS);
    BodyBudget bodies = new BodyBudget(limits.maxBodiesInFlightBytes());
    metrics.watch("caps.queue.depth", "pool", "readers", readers::waiting);
    metrics.watch("caps.queue.depth", "pool", "writers", writers::waiting);
    metrics.watch("caps.queue.depth", "pool", "streams", streams::waiting);
    metrics.watch("caps.requests.in.flight", "pool", "all", inFlight::count);
    metrics.watch("caps.bodies.held.kib", "pool", "all", () -> (int) (bodies.held() / 1_024));
    Service service =
        new Service(
            database,
            config,
            new Router(Routes.all(inFlight, document)),
            new Dispatcher(config.nanoClock().getAsLong()),
            readers,
            writers,
            streams,
            bodies,
            inFlight,
            metrics,
            new ShadowChecks(metrics),
            new AuditLog(config.isAudited()),
            vertx);
    HttpServer started = new HttpServer(service);
    try {
      await(started.server.listen(config.port(), config.host()));
      if (config.tls().isPresent()) {
        started.watchCertificate(config.tls().get(), config.tls().get().read());
      }
    } catch (IOException e) {
      started.stop();
      throw new IllegalStateException("cannot read the certificate: " + e.getMessage(), e);
    } catch (CompletionException e) {
      started.stop();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(
          "cannot listen on " + config.host() + ":" + config.port() + ": " + cause.getMessage(),
          cause);
    }
    return started;
  }

  private static HttpServerOptions options(HttpConfig config) {
    HttpServerOptions options = plainOptions(config);
    if (config.tls().isPresent()) {
      try {
        options
            .setSsl(true)
            .setKeyCertOptions(certificate(config.tls().get().read()))
            // Only once hands are shaken a connection is counted, and has a deadline.
            .setSslHandshakeTimeout(config.deadlines().headerMillis())
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
      } catch (IOException e) {
        throw new IllegalStateException("cannot read the certificate: " + e.getMessage(), e);
      }
    }
    return options;
  }

  private static PemKeyCertOptions certificate(HttpConfig.Tls.Pem pem) {
    return new PemKeyCertOptions()
        .setCertValue(Buffer.buffer(pem.certificate()))
        .setKeyValue(Buffer.buffer(pem.key()));
  }

  /// Takes a new certificate once there is one. One that cannot be read leaves the old one in use.
  private void watchCertificate(HttpConfig.Tls tls, HttpConfig.Tls.Pem first) {
    AtomicReference<HttpConfig.Tls.Pem> used = new AtomicReference<>(first);
    service
        .vertx()
        .setPeriodic(
            service.config().deadlines().certificateMillis(),
            _ -> service.readers().offer(() -> renew(tls, used)));
  }

  private void renew(HttpConfig.Tls tls, AtomicReference<HttpConfig.Tls.Pem> used) {
    try {
      HttpConfig.Tls.Pem now = tls.read();
      if (now.isSame(used.get())) {
        return;
      }
      await(server.updateSSLOptions(new ServerSSLOptions().setKeyCertOptions(certificate(now))));
      used.set(now);
      LOG.log(System.Logger.Level.INFO, "a new certificate is in use");
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "the new certificate cannot be used", e);
    }
  }

  private static HttpServerOptions plainOptions(HttpConfig config) {
    return new HttpServerOptions()
        .setHost(config.host())
        .setMaxInitialLineLength(MAX_HEADER_BYTES)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        // There are no web sockets, but each request would be looked at for them.
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        // The deadlines are kept per HTTP/1.1 connection.
        .setHttp2ClearTextEnabled(false);
  }

  private void connected(HttpConnection connection) {
    if (!connections.open(connection)) {
      return;
    }
    Deadline deadline = connections.deadline(connection);
    // Where the event loop comes late, the header may have arrived and not been read: so it gets
    // another turn, in which it reads what is there, before anybody is cut off.
    deadline.set(
        Deadline.Wait.FOR_FIRST_HEADER,
        spread(service.config().deadlines().headerMillis()),
        () -> deadline.set(TURN_MILLIS, connection::close));
  }

  /// Connections that come at one moment are not cut off at one moment, and do not come again so:
  /// each gets up to a fifth more than it must have.
  private int spread(int millis) {
    accepted = (accepted + 1) % SPREAD_STEPS;
    long more = (long) millis * accepted / (SPREAD_PART * SPREAD_STEPS);
    return (int) Math.min(Integer.MAX_VALUE, millis + more);
  }

  private void requested(HttpServerRequest request) {
    if (connections.isRefused(request.connection())) {
      turnAway(request, Problem.tooManyConnections());
      return;
    }
    Deadline deadline = connections.deadline(request.connection());
    Context context = service.vertx().getOrCreateContext();
    new Exchange(service, request, deadline, context).begin();
  }

  /// Answers what is not HTTP, or has a header that is too long.
  private static void refused(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    String reason = cause == null ? "" : cause.getClass().getSimpleName();
    Problem problem =
        switch (reason) {
          case "TooLongHttpLineException" ->
              new Problem(414, "the request line may have at most " + MAX_HEADER_BYTES + " bytes");
          case "TooLongHttpHeaderException" ->
              new Problem(431, "the header may have at most " + MAX_HEADER_BYTES + " bytes");
          default -> new Problem(400, "this is not a well-formed HTTP request");
        };
    turnAway(request, problem);
  }

  private static void turnAway(HttpServerRequest request, Problem problem) {
    Answer answer = Answers.problem(problem, 0);
    answer.headers().forEach(request.response()::putHeader);
    request
        .response()
        .setStatusCode(answer.status())
        .putHeader("Content-Type", answer.contentType())
        .putHeader("Connection", "close")
        .end(Buffer.buffer(answer.body()))
        .onComplete(_ -> request.connection().close());
  }

  /// The port that is listened on, also when any was asked for.
  public int port() {
    return server.actualPort();
  }

  /// Refuses new requests with 503, waits a bounded time for running ones, then stops. The database
  /// stays open.
  @Override
  public synchronized void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    if (!service.inFlight().drain(service.config().deadlines().closeMillis())) {
      LOG.log(System.Logger.Level.WARNING, "stopping although requests are still running");
    }
    stop();
  }

  private void stop() {
    service.readers().close();
    service.writers().close();
    service.streams().close();
    service.checks().close();
    try {
      await(service.vertx().close());
    } catch (CompletionException e) {
      LOG.log(System.Logger.Level.WARNING, "the server did not stop cleanly", e);
    }
  }

  private static <T> T await(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(STOP_SECONDS, TimeUnit.SECONDS)
        .join();
  }
}
