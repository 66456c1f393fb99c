package io.capsdb.embeddings.experiment;

import java.io.IOException;

/// The acceptance experiment of a method: method and baselines on the same data, in one run, with
/// the same seeds.
public interface Experiment {
  String name();

  /// What it shows, in a line.
  String what();

  /// Runs it and reports figures and bars.
  ///
  /// @throws io.capsdb.formats.FormatException if its data is not there or damaged
  void run(Setting setting, Report report) throws IOException;
}
