/// Data sets as streams of labelled samples, and held in memory for training.
@NullMarked
package io.capsdb.embeddings.data;

import org.jspecify.annotations.NullMarked;
