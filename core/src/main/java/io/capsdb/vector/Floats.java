package io.capsdb.vector;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The one layout in which floats are stored.
public final class Floats {
  /// Little-endian float32 without an alignment demand, so that a mapped part may begin anywhere.
  public static final ValueLayout.OfFloat LITTLE_ENDIAN =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Floats() {}
}
