package io.capsdb.embeddings.command;

import io.capsdb.embeddings.experiment.Experiment;
import io.capsdb.embeddings.experiment.Experiments;
import io.capsdb.embeddings.experiment.Report;
import io.capsdb.embeddings.experiment.Setting;
import io.capsdb.server.command.Machine;
import io.capsdb.server.command.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "experiment",
    description = "Runs the acceptance experiment of a training method.",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footer = {
      "",
      "Method and baselines run on the same data with the same seeds; each bar says PASS or FAIL.",
      "",
      "Examples:",
      "  capsdb experiment --list",
      "  capsdb experiment twa --short        seconds, on the sample that comes with the program",
      "  capsdb experiment twa --data ./data  in full; ./data/fashion-mnist holds the training set",
      "",
      "Exit status: 0 all bars are reached, 1 one is missed, 2 the input is at fault."
    })
final class ExperimentCommand implements Callable<Integer> {
  private static final int MISSED = 1;

  private final Machine machine;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "the experiment")
  private Optional<String> name = Optional.empty();

  @Option(names = "--list", description = "list the experiments")
  private boolean isList;

  @Option(names = "--short", description = "the short form, on the sample of the program")
  private boolean isShort;

  @Option(names = "--data", paramLabel = "DIR", description = "folder of the data sets")
  private Optional<Path> data = Optional.empty();

  ExperimentCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() throws IOException {
    var out = machine.screen().out();
    if (isList) {
      for (Experiment experiment : Experiments.all()) {
        out.printf(Locale.ROOT, "%-14s %s%n", experiment.name(), experiment.what());
      }
      return 0;
    }
    List<String> names = Experiments.all().stream().map(Experiment::name).toList();
    Experiment experiment =
        name.flatMap(Experiments::named)
            .orElseThrow(
                () ->
                    new UsageException(
                        name.map(given -> "'" + given + "' is none of ")
                                .orElse("name an experiment, one of ")
                            + names));
    long begin = machine.nanoClock().getAsLong();
    Report report = new Report(out::println);
    report.line(experiment.name() + ": " + experiment.what());
    experiment.run(new Setting(machine.disk(), machine.nanoClock(), data, isShort), report);
    double seconds = (machine.nanoClock().getAsLong() - begin) / 1e9;
    out.printf(
        Locale.ROOT,
        "%s: %d of %d bars reached, %.1f s%n",
        report.failed().isEmpty() ? "PASS" : "FAIL",
        report.barCount() - report.failed().size(),
        report.barCount(),
        seconds);
    return report.failed().isEmpty() ? 0 : MISSED;
  }
}
