/// Encoders: what they are made of, how they are used, and their files.
@NullMarked
package io.capsdb.embeddings.model;

import org.jspecify.annotations.NullMarked;
