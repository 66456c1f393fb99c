package io.capsdb.bench.kernels;

/// A measured time.
///
/// @param width `widest`, or the JVM flag that made it another one
/// @param name of the kernel and where its rows were
/// @param nanos of a row
/// @param bytes of a row
record Figure(String width, String name, int dimension, double nanos, int bytes) {
  double gigabytesPerSecond() {
    return bytes / nanos;
  }

  boolean is(String wantedWidth, String wantedName, int wantedDimension) {
    return width.equals(wantedWidth) && name.equals(wantedName) && dimension == wantedDimension;
  }
}
