package io.capsdb.caps.code;

/// Chooses the loops over byte codes, once.
final class ByteKernels {
  static final ByteLoops LOOPS =
      ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
          ? PanamaByteWidths.preferred()
          : new ScalarByteLoops();

  private ByteKernels() {}
}
