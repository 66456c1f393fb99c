package io.capsdb.server.command;

import io.capsdb.DatabaseCheck;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "check",
    description =
        "Looks at every byte of a data folder that no server has open, snapshots included.",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footer = {
      "",
      "Example:",
      "  capsdb check ./data",
      "  capsdb check ./data --repair",
      "",
      "Each damage is named with its file and byte. Without --repair nothing is changed. Exit status:",
      "0 when all is well (afterwards), 1 when not."
    })
final class CheckCommand implements Callable<Integer> {
  private final Machine machine;

  @Parameters(index = "0", paramLabel = "DIR", description = "the data folder")
  private Path folder = Path.of("");

  @Option(
      names = "--repair",
      description =
          "make anew what can be made from rows: tables, columns and indexes of segments, keys")
  private boolean isRepairing;

  CheckCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() {
    Consumer<String> progress = what -> machine.screen().err().println("checking " + what);
    DatabaseCheck.Report report =
        isRepairing
            ? DatabaseCheck.repair(machine.disk(), folder, progress)
            : DatabaseCheck.run(machine.disk(), folder, progress);
    for (DatabaseCheck.Finding finding : report.findings()) {
      machine.screen().out().println(finding.file() + ": " + finding.what());
    }
    machine
        .screen()
        .out()
        .printf(
            Locale.ROOT,
            "%s: %,d collections, %,d segments with %,d live points, %,d log records, %s%n",
            folder,
            report.collections(),
            report.segments(),
            report.points(),
            report.records(),
            report.isSound()
                ? "all is well"
                : report.findings().size() == 1
                    ? "1 damage"
                    : report.findings().size() + " damages");
    if (report.repaired() > 0) {
      machine.screen().out().printf(Locale.ROOT, "%,d files were made anew%n", report.repaired());
    }
    return report.isSound() ? 0 : 1;
  }
}
