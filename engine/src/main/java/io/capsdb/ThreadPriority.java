package io.capsdb;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.Optional;

/// The share of the processors that a thread gets beside others. Java's own priorities do nothing
/// on Linux.
final class ThreadPriority {
  /// A tenth of what a thread gets beside which this one runs, and at once none when that one wakes
  /// up; on an idle processor all. Beside searches that never rest, work must go on.
  private static final int NICE = 10;

  private static final int MOST_NICE = 19;
  private static final int PRIO_PROCESS = 0;
  private static final int THIS_THREAD = 0;

  private static final Optional<MethodHandle> GETPRIORITY = find("getpriority", 2);
  private static final Optional<MethodHandle> SETPRIORITY = find("setpriority", 3);

  private ThreadPriority() {}

  /// Whether it can be lowered: on Linux, where the program is allowed to call native code, as the
  /// flag `--enable-native-access` says.
  static boolean isKnown() {
    return GETPRIORITY.isPresent() && SETPRIORITY.isPresent();
  }

  /// Lowers that of the current thread, for good, below that of the program; does nothing where it
  /// cannot.
  static void lower() {
    if (!isKnown()) {
      return;
    }
    try {
      // For Linux a thread is a process here. That of the program is its first thread's: a thread
      // begins with the priority of the one that starts it, which may be low already.
      int first = Math.toIntExact(ProcessHandle.current().pid());
      int program = (int) GETPRIORITY.orElseThrow().invokeExact(PRIO_PROCESS, first);
      int low = Math.min(MOST_NICE, program + NICE);
      int _ = (int) SETPRIORITY.orElseThrow().invokeExact(PRIO_PROCESS, THIS_THREAD, low);
    } catch (Throwable e) {
      throw new IllegalStateException("cannot set the priority of a thread", e);
    }
  }

  /// A function of the C library that takes and gives whole numbers.
  @SuppressWarnings("restricted") // only where the program allows it
  private static Optional<MethodHandle> find(String function, int parameters) {
    if (!System.getProperty("os.name").equals("Linux")
        || !ThreadPriority.class.getModule().isNativeAccessEnabled()) {
      return Optional.empty();
    }
    Linker linker = Linker.nativeLinker();
    MemoryLayout[] numbers = new MemoryLayout[parameters];
    Arrays.fill(numbers, ValueLayout.JAVA_INT);
    FunctionDescriptor descriptor = FunctionDescriptor.of(ValueLayout.JAVA_INT, numbers);
    return linker
        .defaultLookup()
        .find(function)
        .map(address -> linker.downcallHandle(address, descriptor));
  }
}
