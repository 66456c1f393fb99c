/// Elasticsearch's partitioned vector format as an engine of the bench.
@NullMarked
package io.capsdb.bench.peers;

import org.jspecify.annotations.NullMarked;
