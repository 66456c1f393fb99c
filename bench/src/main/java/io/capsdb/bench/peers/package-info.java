/// CapsDB and its peers on the same data, filters and machine: one class for each engine, the sweep
/// of its settings, the timing, and the lines of JSON that reports are made from.
@NullMarked
package io.capsdb.bench.peers;

import org.jspecify.annotations.NullMarked;
