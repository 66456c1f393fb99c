/// Metrics, blocks of vectors, and the distance kernels.
@NullMarked
package io.capsdb.vector;

import org.jspecify.annotations.NullMarked;
