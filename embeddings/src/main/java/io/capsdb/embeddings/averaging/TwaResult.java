package io.capsdb.embeddings.averaging;

import java.util.List;

/// What trainable weight averaging ends with.
///
/// @param weights of the averaged model
/// @param coefficients in the subspace; of this worker where it is sharded
/// @param loss mean of each epoch
/// @param learningRate that was used in the end: halved where a larger one diverged
@SuppressWarnings("ArrayRecordComponent") // owned by the receiver
public record TwaResult(
    float[] weights, float[] coefficients, List<Double> loss, double learningRate) {}
