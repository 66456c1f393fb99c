package io.capsdb.embeddings.data;

import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import java.util.Optional;

/// One image or text of a data set.
///
/// @param number place in the data set, from 0
/// @param id of the point that it becomes, where the data set names one
/// @param payload its attributes; a field of them may be its label
public record Sample(long number, Optional<PointId> id, Content content, Payload payload) {}
