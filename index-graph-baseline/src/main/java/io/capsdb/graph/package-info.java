/// Graph indexes: the opponents that CAPS is measured against, behind the same interface and on the
/// same kernels and filters. HNSW (Malkov and Yashunin, "Efficient and robust approximate nearest
/// neighbor search using hierarchical navigable small world graphs", 2018) with three ways to keep
/// to a filter.
@NullMarked
package io.capsdb.graph;

import org.jspecify.annotations.NullMarked;
