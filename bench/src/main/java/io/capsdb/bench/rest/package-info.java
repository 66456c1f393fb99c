/// How much a server takes over REST.
@NullMarked
package io.capsdb.bench.rest;

import org.jspecify.annotations.NullMarked;
