/// CapsDB as a library: open a [io.capsdb.Database], create a [io.capsdb.Collection], upsert
/// points, search them under filters.
@NullMarked
package io.capsdb;

import org.jspecify.annotations.NullMarked;
