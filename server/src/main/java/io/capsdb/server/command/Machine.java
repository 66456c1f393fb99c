package io.capsdb.server.command;

import io.capsdb.io.Disk;
import io.capsdb.server.client.Pause;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// All that a command gets from outside.
///
/// @param nanoClock a clock for durations
/// @param random for names that nobody can foretell
/// @param temporary the folder for files that are soon deleted
/// @param version of this program
public record Machine(
    Disk disk,
    LongSupplier nanoClock,
    RandomGenerator random,
    Pause pause,
    Screen screen,
    StopSignal stop,
    Path temporary,
    String version) {}
