/// Files of vectors and payloads, row by row, and payloads and filters as JSON.
@NullMarked
package io.capsdb.formats;

import org.jspecify.annotations.NullMarked;
