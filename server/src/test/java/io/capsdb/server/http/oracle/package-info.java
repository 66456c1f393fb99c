/// An evaluator of filters that shares nothing with the one that is tested, and what it is tested
/// on.
@NullMarked
package io.capsdb.server.http.oracle;

import org.jspecify.annotations.NullMarked;
