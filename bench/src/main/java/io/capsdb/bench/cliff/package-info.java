/// Whether the time of a search has cliffs: every plan over a grid of selectivity, correlation of
/// filter and query, and number of hits.
@NullMarked
package io.capsdb.bench.cliff;

import org.jspecify.annotations.NullMarked;
