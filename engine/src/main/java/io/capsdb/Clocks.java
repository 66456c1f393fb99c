package io.capsdb;

import java.util.function.LongSupplier;

/// The one place of the library that knows the system's clock; everything else is handed one.
final class Clocks {
  static final LongSupplier NANOS = System::nanoTime;

  private Clocks() {}
}
