/// The training loop: losses over flat weights, optimisers, schedules, checkpoints and metrics.
/// Knows no network and no PyTorch.
@NullMarked
package io.capsdb.embeddings.training;

import org.jspecify.annotations.NullMarked;
