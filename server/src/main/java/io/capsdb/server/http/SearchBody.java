package io.capsdb.server.http;

import io.capsdb.SearchRequest;

/// A search as it was asked for.
///
/// @param isExplained whether the plan is answered beside the points
record SearchBody(
    SearchRequest request, PayloadSelector payload, VectorSelector vectors, boolean isExplained) {}
