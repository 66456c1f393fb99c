/// Writes the data sets of the bench as folders: generated ones, and real ones from public files.
@NullMarked
package io.capsdb.bench.prepare;

import org.jspecify.annotations.NullMarked;
