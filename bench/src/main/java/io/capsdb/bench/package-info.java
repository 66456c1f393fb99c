/// Benchmarks and the checks that hold for the whole house. Nothing depends on it.
@NullMarked
package io.capsdb.bench;

import org.jspecify.annotations.NullMarked;
