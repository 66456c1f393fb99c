/// Text as numbers: hashed n-grams, byte pairs, and the encoder of averaged n-grams.
@NullMarked
package io.capsdb.embeddings.text;

import org.jspecify.annotations.NullMarked;
