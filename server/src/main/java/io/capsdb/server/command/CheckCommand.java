package io.capsdb.server.command;

import io.capsdb.DatabaseCheck;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "check",
    description =
        "Looks at every byte of a data folder that no server has open, and changes nothing.",
    descriptionHeading = "%n",
    optionListHeading = "%nOptions:%n",
    sortOptions = false,
    footer = {
      "",
      "Example:",
      "  capsdb check ./data",
      "",
      "Each damage is named with its file and byte. Exit status: 0 when all is well, 1 when not."
    })
final class CheckCommand implements Callable<Integer> {
  private final Machine machine;

  @Parameters(index = "0", paramLabel = "DIR", description = "the data folder")
  private Path folder = Path.of("");

  CheckCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() {
    DatabaseCheck.Report report =
        DatabaseCheck.run(
            machine.disk(), folder, what -> machine.screen().err().println("checking " + what));
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
    return report.isSound() ? 0 : 1;
  }
}
