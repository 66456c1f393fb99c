/// What every vector index offers, the probe queue over many of them, and exact search.
@NullMarked
package io.capsdb.index;

import org.jspecify.annotations.NullMarked;
