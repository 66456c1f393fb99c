package io.capsdb.server.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// One request from its header to its answer.
///
/// All methods run on the event loop but [#work], which runs on a worker and touches only what was
/// handed to it. A body is held from its first byte to the end of the work, and counted all the
/// while.
final class Exchange {
  /// A refused body is read on for so many times the allowed bytes, so that the client gets to read
  /// the answer; then the connection is closed.
  private static final int MAX_DISCARDED_BODIES = 4;

  /// Bytes that one request may hold while its body is worked on: some lines, and points of them.
  static final long STREAM_BYTES = 16 << 20;

  /// A body of any length must grow by so much in the time in which a whole one must have come,
  /// unless it waits for us.
  private static final long MIN_STREAMED = 16 << 10;

  private static final System.Logger LOG = System.getLogger(Exchange.class.getName());

  private final Service service;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Deadline deadline;
  private final Context context;
  private final long startNanos;
  private final BodyBuffer body;
  private final String path;

  private String who = "-";
  private @Nullable Route route;
  private boolean isInside;
  private boolean isWorking;
  private boolean isAnswered;
  private boolean isSettled;
  private long discarded;
  private @Nullable BodyStream stream;
  private long streamed;

  /// Read by the worker.
  private volatile boolean isGone;

  Exchange(Service service, HttpServerRequest request, Deadline deadline, Context context) {
    this.service = service;
    this.request = request;
    this.response = request.response();
    this.deadline = deadline;
    this.context = context;
    this.startNanos = service.nanos();
    String sentPath = request.path();
    this.path = sentPath == null ? "/" : sentPath;
    this.body = new BodyBuffer(service.bodies(), service.config().limits().maxBodyBytes());
  }

  void begin() {
    deadline.set(service.config().deadlines().receiveMillis(), this::expireReceiving);
    request.exceptionHandler(_ -> abandon());
    response.closeHandler(_ -> abandon());
    request.endHandler(_ -> settle());
    // What is refused is read and dropped, so that the client gets to read the answer.
    request.handler(this::discard);
    try {
      route();
    } catch (Problem e) {
      refuse(e);
    }
  }

  private void route() {
    requireHost();
    String method = request.method().name();
    if (method.equals("OPTIONS")) {
      send(options());
      return;
    }
    Optional<Access.Key> key = caller();
    Router.Match match;
    try {
      match = service.router().match(method, path);
    } catch (Problem e) {
      requireKnown(key);
      throw e;
    }
    route = match.route();
    requireAllowed(match.route(), key);
    String rawQuery = request.query();
    QueryString query = QueryString.parse(rawQuery == null ? "" : rawQuery);
    if (match.route().place() != Route.Place.AT_ONCE) {
      isInside = service.inFlight().enter();
      if (!isInside) {
        throw Problem.closing();
      }
    }
    if (!match.route().hasBody()) {
      perform(match, query, InputStream.nullInputStream());
      return;
    }
    requireCoding();
    requireType(match.route());
    if (match.route().isReceivedInPieces()) {
      receiveInPieces(match, query);
      return;
    }
    body.expect(request.getHeader("Content-Length"));
    request.handler(this::receive);
    request.endHandler(
        _ -> {
          if (!isAnswered) {
            perform(match, query, InputStream.nullInputStream());
          }
          settle();
        });
    letSend();
  }

  private void letSend() {
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      response.writeContinue();
    }
  }

  /// The work begins with the header, and reads what comes.
  private void receiveInPieces(Router.Match match, QueryString query) {
    body.reserve(Math.min(streamBytes(), service.config().limits().maxBodyBytes()));
    BodyStream in = new BodyStream(() -> context.runOnContext(_ -> request.resume()));
    InputStream content =
        match.route().body() == Route.Body.FORM
            ? FormFile.of(
                in, Optional.ofNullable(request.getHeader("Content-Type")), SnapshotRoutes.FIELD)
            : in;
    stream = in;
    request.handler(
        chunk -> {
          if (isAnswered) {
            discard(chunk);
          } else if (in.put(chunk)) {
            request.pause();
          }
        });
    request.endHandler(
        _ -> {
          in.end();
          if (isWorking) {
            deadline.set(answerMillis(), this::expireAnswering);
          }
          settle();
        });
    letSend();
    perform(match, query, content);
    if (isWorking) {
      deadline.set(service.config().deadlines().receiveMillis(), this::watch);
    }
  }

  private long streamBytes() {
    String length = request.getHeader("Content-Length");
    boolean isShort = length != null && BodyBuffer.LENGTH.matcher(length).matches();
    return isShort ? Math.min(STREAM_BYTES, Long.parseLong(length)) : STREAM_BYTES;
  }

  /// Cuts off a client that sends too little although it is read from.
  private void watch() {
    BodyStream in = Objects.requireNonNull(stream);
    long received = in.received();
    if (in.isPaused() || received - streamed >= MIN_STREAMED) {
      streamed = received;
      deadline.set(service.config().deadlines().receiveMillis(), this::watch);
    } else {
      expireReceiving();
    }
  }

  private Optional<Access.Key> caller() {
    Access access = service.config().access();
    if (access.isOpen()) {
      return Optional.empty();
    }
    Optional<Access.Key> key =
        access.find(request.getHeader("api-key"), request.getHeader("Authorization"));
    who = key.map(Access.Key::name).orElse("-");
    return key;
  }

  private void requireKnown(Optional<Access.Key> key) {
    if (!service.config().access().isOpen() && key.isEmpty()) {
      throw Problem.unknownCaller();
    }
  }

  /// What is answered at once is open: how else would a balancer know that the server lives?
  private void requireAllowed(Route wanted, Optional<Access.Key> key) {
    if (wanted.place() == Route.Place.AT_ONCE) {
      return;
    }
    requireKnown(key);
    boolean isReader = key.map(each -> each.role() == Access.Role.READ).orElse(false);
    if (isReader && wanted.place() == Route.Place.WRITER) {
      throw Problem.notAllowed();
    }
  }

  /// One that is asked for twice is another server's to what stands before this one.
  private void requireHost() {
    if (request.version() == HttpVersion.HTTP_1_1 && request.headers().getAll("Host").size() != 1) {
      throw new Problem(400, "Host: an HTTP/1.1 request has it once");
    }
  }

  /// What stands before this server may take a body that is framed otherwise for another request.
  private void requireCoding() {
    String coding = request.getHeader("Transfer-Encoding");
    if (coding != null && !coding.strip().equalsIgnoreCase("chunked")) {
      throw new Problem(501, "Transfer-Encoding: only chunked is served");
    }
    String expected = request.getHeader("Expect");
    if (expected != null && !expected.strip().equalsIgnoreCase("100-continue")) {
      throw new Problem(417, "Expect: only 100-continue is served");
    }
  }

  /// A page of another origin can send a form without asking, but never JSON: so the type matters.
  private void requireType(Route wanted) {
    String length = request.getHeader("Content-Length");
    boolean isEmpty =
        length == null ? !request.headers().contains("Transfer-Encoding") : length.equals("0");
    if (isEmpty) {
      return;
    }
    String coding = request.getHeader("Content-Encoding");
    if (coding != null && !coding.equalsIgnoreCase("identity")) {
      throw new Problem(415, "Content-Encoding: bodies must not be encoded");
    }
    if (wanted.body() == Route.Body.FORM) {
      requireOwnOrigin();
      return;
    }
    String type = request.getHeader("Content-Type");
    String plain = type == null ? "" : withoutParameters(type);
    boolean isLines =
        plain.equalsIgnoreCase("application/x-ndjson") && wanted.body() == Route.Body.LINES;
    if (!isLines && !plain.equalsIgnoreCase("application/json")) {
      throw new Problem(415, "Content-Type: must be application/json");
    }
  }

  private static String withoutParameters(String type) {
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip();
  }

  /// Where neither a key nor the type of the body keeps pages of other origins out, their browser's
  /// word does.
  private void requireOwnOrigin() {
    boolean isGuarded = service.config().isCorsOpen() || !service.config().access().isOpen();
    if (!isGuarded && request.headers().contains("Origin")) {
      throw new Problem(403, "Forbidden: pages of other origins may not send forms");
    }
  }

  private void receive(Buffer chunk) {
    if (isAnswered) {
      discard(chunk);
      return;
    }
    try {
      body.append(chunk);
    } catch (Problem e) {
      refuse(e);
    }
  }

  private void discard(Buffer chunk) {
    discarded += chunk.length();
    if (discarded > MAX_DISCARDED_BODIES * service.config().limits().maxBodyBytes()) {
      request.connection().close();
    }
  }

  private void perform(Router.Match match, QueryString query, InputStream content) {
    Call call =
        new Call(
            service.database(),
            service.config(),
            match.parameters(),
            query,
            body.bytes(),
            content,
            capsHeaders(),
            startNanos,
            () -> isGone,
            service.metrics(),
            service.checks());
    if (match.route().place() == Route.Place.AT_ONCE) {
      send(service.dispatcher().answer(match.route(), call));
      return;
    }
    isWorking = true;
    deadline.set(answerMillis(), this::expireAnswering);
    String codings = request.getHeader("Accept-Encoding");
    if (!service.pool(match.route()).offer(() -> work(match.route(), call, codings))) {
      isWorking = false;
      refuse(Problem.tooMuch("too many requests wait for a worker, try again later"));
    }
  }

  private Map<String, String> capsHeaders() {
    Map<String, String> headers = new HashMap<>();
    request
        .headers()
        .forEach(
            header -> {
              String name = header.getKey().toLowerCase(Locale.ROOT);
              if (name.startsWith("x-caps-")) {
                headers.put(name, header.getValue());
              }
            });
    return headers;
  }

  /// An answer that cannot be packed goes as it is: without any, all that the request holds would
  /// be held on.
  private static Answer packed(Answer answer, @Nullable String codings) {
    try {
      return Packing.wanted(codings).pack(answer);
    } catch (UncheckedIOException | OutOfMemoryError e) {
      LOG.log(System.Logger.Level.WARNING, "cannot pack an answer", e);
      return answer;
    }
  }

  /// On a worker. Nobody waits for the answer of a client that is gone, so its work is left out.
  private void work(Route route, Call call, @Nullable String codings) {
    Answer answer =
        isGone
            ? Answers.problem(Problem.closing(), call.seconds())
            : service.dispatcher().answer(route, call);
    try {
      if (answer.source().isPresent()) {
        sendPieces(answer, answer.source().get());
        return;
      }
      Answer sent = packed(answer, codings);
      context.runOnContext(
          _ -> {
            isWorking = false;
            send(sent);
          });
    } catch (RejectedExecutionException e) {
      // The server was stopped without waiting for this one; its connection is closed already.
      LOG.log(System.Logger.Level.DEBUG, "an answer came after the stop");
    }
  }

  /// On a worker.
  private void sendPieces(Answer answer, Answer.Source source) {
    boolean isDone = false;
    try (InputStream in = source.in()) {
      context.runOnContext(_ -> sendHead(answer, source.length()));
      if (request.method().name().equals("HEAD")) {
        isDone = true;
      } else {
        int millis = service.config().deadlines().answerMillis();
        isDone =
            new AnswerStream(
                    context,
                    response,
                    () -> isGone,
                    () -> deadline.set(millis, this::expireAnswering),
                    millis)
                .send(in);
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "an answer could not be sent to its end", e);
    }
    boolean isWhole = isDone;
    context.runOnContext(
        _ -> {
          isWorking = false;
          if (isWhole && !isGone) {
            response.end().onComplete(_ -> finish());
          } else {
            // The length was promised already: only a closed connection tells that it is not all.
            request.connection().close();
            finish();
          }
        });
  }

  private void sendHead(Answer answer, long length) {
    if (isAnswered || isGone || response.closed()) {
      isGone = true;
      return;
    }
    isAnswered = true;
    note(answer.status());
    putHead(answer);
    response.putHeader("Content-Type", answer.contentType());
    response.putHeader("Content-Length", Long.toString(length));
  }

  private void putHead(Answer answer) {
    response.setStatusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    if (service.config().isCorsOpen() && request.getHeader("Origin") != null) {
      response.putHeader("Access-Control-Allow-Origin", "*");
    }
    if (service.inFlight().isClosing()) {
      response.putHeader("Connection", "close");
    }
  }

  private void refuse(Problem problem) {
    boolean isPlain = problem.status() == 401 || problem.status() == 403;
    Answer answer =
        isPlain
            ? Answer.text(problem.status(), problem.text())
            : Answers.problem(problem, (service.nanos() - startNanos) / 1e9);
    if (problem.status() == 405) {
      answer = answer.with("Allow", String.join(", ", service.router().allowed(path)));
    }
    send(answer);
  }

  private Answer options() {
    Set<String> allowed = service.router().allowed(path);
    if (allowed.isEmpty()) {
      throw new Problem(404, "Not found: there is no such path in this API");
    }
    String methods = String.join(", ", allowed);
    Answer answer = Answer.empty(204).with("Allow", methods);
    String headers = request.getHeader("Access-Control-Request-Headers");
    if (!service.config().isCorsOpen()
        || request.getHeader("Access-Control-Request-Method") == null) {
      return answer;
    }
    answer =
        answer.with("Access-Control-Allow-Methods", methods).with("Access-Control-Max-Age", "3600");
    return headers == null ? answer : answer.with("Access-Control-Allow-Headers", headers);
  }

  private void send(Answer answer) {
    if (!isWorking) {
      body.release();
    }
    resumeDiscarding();
    if (isAnswered || isGone || response.ended() || response.closed()) {
      finish();
      return;
    }
    isAnswered = true;
    note(answer.status());
    putHead(answer);
    if (answer.status() == 204) {
      response.end().onComplete(_ -> finish());
      return;
    }
    response.putHeader("Content-Type", answer.contentType());
    if (request.method().name().equals("HEAD")) {
      response.putHeader("Content-Length", Integer.toString(answer.body().length));
      response.end().onComplete(_ -> finish());
      return;
    }
    response.end(Buffer.buffer(answer.body())).onComplete(_ -> finish());
  }

  /// What still comes of a body that nobody works on is read and dropped.
  private void resumeDiscarding() {
    if (stream != null && !request.isEnded()) {
      request.resume();
    }
  }

  /// Counts the answer, and writes it down if it is of a write or a refusal.
  private void note(int status) {
    long nanos = service.nanos() - startNanos;
    Route known = route;
    String operation = known == null ? "-" : known.operation();
    String template = known == null ? "-" : known.path();
    // Methods of which nothing is known would be counted apart for ever.
    String method = known == null ? "-" : request.method().name();
    service.metrics().answered(method, operation, template, status, nanos);
    boolean isWrite = known != null && known.place() == Route.Place.WRITER;
    if (isWrite || status == 401 || status == 403 || status == 429) {
      var address = request.remoteAddress();
      String from = address == null ? "-" : String.valueOf(address.hostAddress());
      service.audit().write(who, from, operation, path, status, nanos);
    }
  }

  private void expireReceiving() {
    expire("arrive", service.config().deadlines().receiveMillis(), "");
  }

  private void expireAnswering() {
    // A write that has begun is not stopped: a client that tries again should know.
    boolean isWriting = route != null && route.place() == Route.Place.WRITER;
    expire("get done", answerMillis(), isWriting ? "; what it writes may still be written" : "");
  }

  private int answerMillis() {
    HttpConfig.Deadlines deadlines = service.config().deadlines();
    boolean isOfSnapshot = route != null && route.isOfSnapshot();
    return isOfSnapshot ? deadlines.snapshotMillis() : deadlines.answerMillis();
  }

  /// Tells the client, also that the connection is not to be used again, and closes it.
  private void expire(String what, int millis, String more) {
    fail(new Problem(408, "the request did not " + what + " in time"));
    if (!isAnswered) {
      response.putHeader("Connection", "close");
      refuse(new Problem(408, "the request did not " + what + " within " + millis + " ms" + more));
    }
    request.connection().close();
  }

  /// The connection is gone, or what came on it was not HTTP.
  private void abandon() {
    isGone = true;
    fail(new Problem(400, "the client is gone"));
    if (!isWorking) {
      body.release();
      finish();
    }
  }

  private void fail(Problem problem) {
    if (stream != null) {
      stream.fail(problem);
    }
  }

  private void finish() {
    if (isInside && !isWorking) {
      isInside = false;
      service.inFlight().exit();
    }
    settle();
  }

  /// Once the answer is out and the request is in, the connection waits for the next one.
  private void settle() {
    if (isAnswered && response.ended() && request.isEnded() && !isSettled) {
      isSettled = true;
      deadline.set(
          Deadline.Wait.FOR_NEXT_HEADER,
          service.config().deadlines().idleMillis(),
          () -> request.connection().close());
    }
  }
}
