package io.capsdb;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// The share of the processors that a thread gets beside others. Java's own priorities do nothing
/// on
/// Linux.
final class ThreadPriority {
  /// A tenth of what a thread gets beside which this one runs, and at once none when that one wakes
  /// up; on an idle processor all. Beside searches that never rest, work must go on.
  private static final int NICE = 10;

  private static final int PRIO_PROCESS = 0;
  private static final int THIS_THREAD = 0;

  private static final Optional<MethodHandle> SETPRIORITY = find();

  private ThreadPriority() {}

  /// Whether it can be lowered: on Linux, where the program is allowed to call native code, as the
  /// flag `--enable-native-access` says.
  static boolean isKnown() {
    return SETPRIORITY.isPresent();
  }

  /// Lowers that of the current thread, for good; does nothing where it cannot.
  static void lower() {
    if (SETPRIORITY.isEmpty()) {
      return;
    }
    try {
      // For Linux a thread is a process here.
      int _ = (int) SETPRIORITY.get().invokeExact(PRIO_PROCESS, THIS_THREAD, NICE);
    } catch (Throwable e) {
      throw new IllegalStateException("cannot call setpriority", e);
    }
  }

  @SuppressWarnings("restricted") // only where the program allows it
  private static Optional<MethodHandle> find() {
    if (!System.getProperty("os.name").equals("Linux")
        || !ThreadPriority.class.getModule().isNativeAccessEnabled()) {
      return Optional.empty();
    }
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("setpriority")
        .map(
            address ->
                linker.downcallHandle(
                    address,
                    FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT)));
  }
}
