package io.capsdb.embeddings.command;

import io.capsdb.server.command.CommandProvider;
import io.capsdb.server.command.Machine;
import java.util.List;
import picocli.CommandLine;

/// The commands of this module, for `ServiceLoader`.
public final class EmbeddingCommands implements CommandProvider {
  @Override
  public List<CommandLine> commands(Machine machine) {
    return List.of(
        new CommandLine(new TrainCommand())
            .addSubcommand(new TrainImageCommand(machine))
            .addSubcommand(new TrainTextCommand(machine))
            .addSubcommand(new TrainCodesCommand(machine)),
        new CommandLine(new AverageCommand(machine)),
        new CommandLine(new EmbedCommand(machine)),
        new CommandLine(new ExperimentCommand(machine)));
  }
}
