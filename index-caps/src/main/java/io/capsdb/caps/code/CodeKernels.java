package io.capsdb.caps.code;

/// Chooses the loops over codes, once.
final class CodeKernels {
  private static final CodeLoops LOOPS =
      ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
          ? new PanamaCodeLoops()
          : new ScalarCodeLoops();

  private CodeKernels() {}

  static CodeLoops loops() {
    return LOOPS;
  }
}
