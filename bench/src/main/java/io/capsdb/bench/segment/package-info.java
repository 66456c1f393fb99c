/// Tables about one sealed segment: the bytes of its parts, and the order of its rows.
@NullMarked
package io.capsdb.bench.segment;

import org.jspecify.annotations.NullMarked;
