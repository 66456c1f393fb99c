package io.capsdb.embeddings.experiment;

import java.util.List;
import java.util.Optional;

/// All experiments, in the order in which they are listed.
public final class Experiments {
  private static final List<Experiment> ALL =
      List.of(
          new TwaExperiment(),
          new ResteExperiment(),
          new CodesExperiment(),
          new ProductsExperiment(),
          new RatesExperiment(),
          new OnnxExperiment());

  private Experiments() {}

  public static List<Experiment> all() {
    return ALL;
  }

  public static Optional<Experiment> named(String name) {
    return ALL.stream().filter(experiment -> experiment.name().equals(name)).findFirst();
  }
}
