/// The HTTP API: a route table, readers of bodies, writers of answers, and the limits of all of
/// them.
@NullMarked
package io.capsdb.server.http;

import org.jspecify.annotations.NullMarked;
