/// Searches inside one of many tenants.
@NullMarked
package io.capsdb.bench.tenants;

import org.jspecify.annotations.NullMarked;
