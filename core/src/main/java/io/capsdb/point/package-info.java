/// What users store: ids, payloads, and paths into payloads.
@NullMarked
package io.capsdb.point;

import org.jspecify.annotations.NullMarked;
