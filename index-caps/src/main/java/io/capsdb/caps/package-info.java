/// CAPS: an index for nearest neighbours under attribute constraints (Gupta et al., "CAPS: A
/// Practical Partition Index for Filtered Similarity Search", 2023). Space is cut into partitions
/// by k-means; the rows of a partition are laid out by an attribute frequency tree; a search visits
/// partitions nearest first, skips slots that cannot match, and stops by a budget of matching rows.
@NullMarked
package io.capsdb.caps;

import org.jspecify.annotations.NullMarked;
