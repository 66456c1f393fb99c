/// Benchmarks of the kernels with JMH, beside the same work in C, and the page that is made of
/// them.
@NullMarked
package io.capsdb.bench.kernels;

import org.jspecify.annotations.NullMarked;
