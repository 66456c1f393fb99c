package io.capsdb.server.http;

import io.capsdb.Collection;
import io.capsdb.filter.FilterText;
import io.capsdb.server.evaluate.Contender;
import io.capsdb.server.evaluate.Evaluation;
import io.capsdb.server.evaluate.EvaluationJson;
import io.capsdb.server.evaluate.Evaluator;
import io.capsdb.server.evaluate.Query;
import io.capsdb.server.evaluate.Reporter;
import io.capsdb.server.evaluate.Sampling;
import io.capsdb.server.evaluate.Workload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;

/// Evaluations: what each index gives. One at a time, as two would measure each other.
final class EvaluateRoutes {
  /// The same points are chosen each time.
  private static final long SEED = 1;

  private final Semaphore running = new Semaphore(1);

  private EvaluateRoutes() {}

  static List<Route> all() {
    EvaluateRoutes routes = new EvaluateRoutes();
    return List.of(
        Route.ask("evaluate", "/collections/{collection_name}/evaluate", routes::evaluate));
  }

  private Answer evaluate(Call call) throws IOException {
    Collection collection = call.collection();
    EvaluateBody body = RequestReader.read(call, in -> EvaluateBody.read(in, collection.config()));
    if (!running.tryAcquire()) {
      throw Problem.tooMuch("another evaluation is running");
    }
    try {
      String json = EvaluationJson.write(evaluate(call, collection, body));
      return Answers.ok(call, out -> out.writeRawValue(json));
    } finally {
      running.release();
    }
  }

  /// Gives up once nobody waits any more.
  private static Reporter whileWaitedFor(Call call) {
    return (_, _, _, _) -> {
      if (call.isCancelled()) {
        throw new CancellationException("nobody waits for the evaluation any more");
      }
    };
  }

  private static Evaluation evaluate(Call call, Collection collection, EvaluateBody body) {
    Reporter reporter = whileWaitedFor(call);
    List<Query> queries =
        body.queries().isEmpty()
            ? Sampling.queries(
                collection, body.using(), body.sample(), new SplittableRandom(SEED), reporter)
            : body.queries();
    List<Workload> workloads = new ArrayList<>();
    workloads.add(Workload.unfiltered(queries.size()));
    body.filters()
        .forEach(
            filter -> workloads.add(Workload.of(FilterText.of(filter), filter, queries.size())));
    workloads.addAll(Sampling.filters(collection, body.shares(), queries.size(), reporter));
    Map<String, Long> bytes = collection.indexBytes();
    List<Evaluation.Index> indexes =
        body.contenders().stream()
            .map(Contender::stored)
            .distinct()
            .map(name -> new Evaluation.Index(name, bytes.getOrDefault(name, 0L), -1))
            .toList();
    return new Evaluator(
            collection,
            new Evaluator.Request(
                body.using(), body.k(), queries, workloads, body.contenders(), body.sweep()),
            call.config().nanoClock(),
            reporter)
        .run(collection.name(), call.config().version(), indexes, List.of());
  }
}
