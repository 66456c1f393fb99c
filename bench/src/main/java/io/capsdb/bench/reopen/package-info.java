/// How fast a database opens again.
@NullMarked
package io.capsdb.bench.reopen;

import org.jspecify.annotations.NullMarked;
