package io.capsdb.caps.code;

/// Chooses the loops over codes, once.
final class CodeKernels {
  static final CodeLoops LOOPS =
      ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
          ? PanamaCodeWidths.preferred()
          : new ScalarCodeLoops();

  private CodeKernels() {}
}
