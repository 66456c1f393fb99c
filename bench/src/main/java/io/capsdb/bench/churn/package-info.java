/// What a collection is worth after much of it has changed.
@NullMarked
package io.capsdb.bench.churn;

import org.jspecify.annotations.NullMarked;
