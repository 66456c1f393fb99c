/// A collection under mixed load for a while: rates, latencies, and answers held against a model.
@NullMarked
package io.capsdb.bench.soak;

import org.jspecify.annotations.NullMarked;
