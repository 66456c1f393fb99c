/// What it costs to have writes on the disk before they are answered.
@NullMarked
package io.capsdb.bench.durable;

import org.jspecify.annotations.NullMarked;
