/// Networks written with DJL's primitives, and their losses on PyTorch. All that knows PyTorch is
/// here.
@NullMarked
package io.capsdb.embeddings.network;

import org.jspecify.annotations.NullMarked;
