package io.capsdb.bench.soak;

import java.nio.file.Path;
import java.util.Optional;

/// What a soak does.
///
/// @param set folder of the data set
/// @param data empty folder for the database
/// @param seconds of load
/// @param batch points of a write
/// @param mix what the writer does
/// @param isLogged whether writes go to the log and are forced
/// @param csv where a line for each second goes
record SoakOptions(
    Path set, Path data, int seconds, int batch, Mix mix, boolean isLogged, Optional<Path> csv) {

  /// What the writer does.
  enum Mix {
    /// New points only.
    INSERT,
    /// New points, overwrites, deletes by id and by filter; the number of points stays about the
    /// same.
    CHURN
  }

  /// @throws IllegalArgumentException naming the option
  static SoakOptions parse(String[] args) {
    if (args.length < 2 || args.length % 2 != 0) {
      throw new IllegalArgumentException("needs FOLDER, options with values, and a data folder");
    }
    SoakOptions options =
        new SoakOptions(
            Path.of(args[0]),
            Path.of(args[args.length - 1]),
            60,
            1_000,
            Mix.CHURN,
            false,
            Optional.empty());
    for (int i = 1; i + 1 < args.length; i += 2) {
      options = options.with(args[i], args[i + 1]);
    }
    return options;
  }

  private SoakOptions with(String option, String value) {
    return switch (option) {
      case "--seconds" ->
          new SoakOptions(set, data, number(option, value), batch, mix, isLogged, csv);
      case "--batch" ->
          new SoakOptions(set, data, seconds, number(option, value), mix, isLogged, csv);
      case "--mix" ->
          new SoakOptions(
              set,
              data,
              seconds,
              batch,
              switch (value) {
                case "insert" -> Mix.INSERT;
                case "churn" -> Mix.CHURN;
                default ->
                    throw new IllegalArgumentException(
                        "--mix is 'insert' or 'churn', was '" + value + "'");
              },
              isLogged,
              csv);
      case "--log" -> new SoakOptions(set, data, seconds, batch, mix, value.equals("on"), csv);
      case "--csv" ->
          new SoakOptions(set, data, seconds, batch, mix, isLogged, Optional.of(Path.of(value)));
      default -> throw new IllegalArgumentException("unknown option " + option);
    };
  }

  private static int number(String option, String value) {
    try {
      int number = Integer.parseInt(value);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new IllegalArgumentException(option + " must be a whole number from 1 on, was " + value);
  }
}
