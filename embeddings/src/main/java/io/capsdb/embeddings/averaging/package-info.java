/// Averages of weights: trainable weight averaging and what it is measured against.
@NullMarked
package io.capsdb.embeddings.averaging;

import org.jspecify.annotations.NullMarked;
