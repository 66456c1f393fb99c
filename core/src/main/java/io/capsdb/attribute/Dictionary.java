package io.capsdb.attribute;

import io.capsdb.io.CheckedWriter;
import java.util.function.LongPredicate;

/// The distinct values of a field in ascending order; a value's place is its **code**. Immutable.
sealed interface Dictionary permits Texts, Keys, Steps {
  int count();

  /// The value of a code, as the payload holds it.
  Object value(int code);

  /// The code of a value; -1 for none.
  int find(Object value);

  /// The first code whose key passes a test that is false up to some key and then true; the number
  /// of codes where none does.
  ///
  /// @throws IllegalStateException for texts, whose keys do not keep their order
  int firstWhere(LongPredicate test);

  /// Bytes in memory.
  long bytes();

  void write(CheckedWriter out);
}
