package io.capsdb.server.command;

import io.capsdb.CapsDbException;
import io.capsdb.formats.FormatException;
import io.capsdb.formats.JsonFormatException;
import io.capsdb.server.client.RestException;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/// The command line: finds the command, runs it, and turns what goes wrong into one line and an
/// exit status: 2 when the input is at fault, 1 when anything else is.
public final class Commands {
  private static final int FAILED = 1;
  private static final int BAD_INPUT = 2;
  private static final int HELP_WIDTH = 100;

  private Commands() {}

  @Command(
      name = "capsdb",
      description = "A filtered vector-search database.",
      synopsisSubcommandLabel = "COMMAND",
      descriptionHeading = "%n",
      optionListHeading = "%nOptions:%n",
      commandListHeading = "%nCommands:%n",
      footer = {
        "",
        "Begin here:",
        "  capsdb demo                    start with a bundled sample, search it, keep serving",
        "  capsdb serve --data ./data     serve a data folder of your own",
        "  capsdb load --collection films --vectors films.npy --payload films.jsonl",
        "  capsdb search --collection films --id 7 --filter '{\"must\":[{\"key\":\"year\",\"range\":{\"gte\":1990}}]}'",
        "",
        "Vectors from your own images and texts, with PyTorch (loaded only for these):",
        "  capsdb train image|text|binary-codes, capsdb average, capsdb embed, capsdb experiment",
        "",
        "Each command explains itself: capsdb COMMAND --help",
        "Exit status: 0 done, 1 failed, 2 the input is at fault."
      })
  @SuppressWarnings("UnusedVariable") // picocli acts on the flags itself
  private static final class Root {
    @Option(
        names = {"-h", "--help"},
        usageHelp = true,
        scope = ScopeType.INHERIT,
        description = "show this help")
    private boolean isHelp;

    @Option(
        names = {"-V", "--version"},
        versionHelp = true,
        description = "show the version")
    private boolean isVersion;
  }

  /// Runs the program.
  ///
  /// @return the exit status
  public static int run(Machine machine, String... args) {
    CommandLine commands =
        new CommandLine(new Root())
            .addSubcommand(new DemoCommand(machine))
            .addSubcommand(new ServeCommand(machine))
            .addSubcommand(new LoadCommand(machine))
            .addSubcommand(new SearchCommand(machine))
            .addSubcommand(new EvaluateCommand(machine))
            .addSubcommand(new ExportCommand(machine))
            .addSubcommand(new ImportCommand(machine))
            .addSubcommand(new CheckCommand(machine));
    for (CommandProvider provider : ServiceLoader.load(CommandProvider.class)) {
      provider.commands(machine).forEach(commands::addSubcommand);
    }
    commands.getCommandSpec().version("capsdb " + machine.version());
    return commands
        .setOut(writer(machine.screen().out()))
        .setErr(writer(machine.screen().err()))
        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
        .setUsageHelpWidth(HELP_WIDTH)
        .setOverwrittenOptionsAllowed(false)
        .setParameterExceptionHandler(
            (e, _) -> misused(machine.screen().err(), e.getCommandLine(), e))
        .setExecutionExceptionHandler(
            (e, command, _) -> failed(machine.screen().err(), command.getCommandName(), e))
        .execute(args);
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, stream.charset()), true);
  }

  private static int misused(PrintStream err, CommandLine command, ParameterException e) {
    String name = command.getCommandSpec().qualifiedName();
    err.println(name + ": " + oneLine(e) + " (see " + name + " --help)");
    return BAD_INPUT;
  }

  private static int failed(PrintStream err, String command, Exception e) {
    String begin = "capsdb " + command + ": ";
    return switch (e) {
      case UsageException _, FormatException _, JsonFormatException _ -> {
        err.println(begin + oneLine(e));
        yield BAD_INPUT;
      }
      case RestException refused -> {
        err.println(begin + oneLine(e));
        yield refused.isRequestAtFault() ? BAD_INPUT : FAILED;
      }
      case NoSuchFileException _ -> {
        err.println(begin + "there is no file " + oneLine(e));
        yield FAILED;
      }
      case IOException _, CapsDbException _ -> {
        err.println(begin + oneLine(e));
        yield FAILED;
      }
      case InterruptedException _ -> {
        err.println(begin + "stopped");
        yield FAILED;
      }
      default -> {
        System.getLogger(Commands.class.getName())
            .log(System.Logger.Level.ERROR, begin + "this is an error of CapsDB", e);
        yield FAILED;
      }
    };
  }

  private static String oneLine(Exception e) {
    String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
