/// Data sets as folders: rows, queries, integer attributes, the ranges that queries ask for, and
/// the distances of their exact best matches.
@NullMarked
package io.capsdb.bench.data;

import org.jspecify.annotations.NullMarked;
