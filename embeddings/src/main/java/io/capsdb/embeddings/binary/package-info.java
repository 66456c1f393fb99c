/// Learned 1-bit codes: the estimators that train them, and the codes that they are measured
/// against.
@NullMarked
package io.capsdb.embeddings.binary;

import org.jspecify.annotations.NullMarked;
