/// What is durable: the write-ahead log, segment containers, and the small files that are replaced
/// as a whole.
@NullMarked
package io.capsdb.storage;

import org.jspecify.annotations.NullMarked;
