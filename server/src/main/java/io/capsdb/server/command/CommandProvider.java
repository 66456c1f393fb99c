package io.capsdb.server.command;

import java.util.List;
import picocli.CommandLine;

/// Commands of another module, found by [java.util.ServiceLoader]: nothing imports such a module,
/// and the program runs without it.
public interface CommandProvider {
  /// New commands, with their subcommands; what they return is the exit status.
  List<CommandLine> commands(Machine machine);
}
