/// The server, killed again and again while it is written to.
@NullMarked
package io.capsdb.server.kill;

import org.jspecify.annotations.NullMarked;
