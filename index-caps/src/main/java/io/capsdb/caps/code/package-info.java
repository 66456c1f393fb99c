/// 1-bit codes with two corrections a row, scanned by comparing with a 4-bit query: the estimate of
/// RaBitQ (Gao and Long, SIGMOD 2024), its centroid's share folded into the row so that a query is
/// coded once for all partitions.
@NullMarked
package io.capsdb.caps.code;

import org.jspecify.annotations.NullMarked;
