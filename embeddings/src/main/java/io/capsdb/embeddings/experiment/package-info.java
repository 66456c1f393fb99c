/// The acceptance experiments of the training methods: method and baselines in one run, PASS or
/// FAIL.
@NullMarked
package io.capsdb.embeddings.experiment;

import org.jspecify.annotations.NullMarked;
