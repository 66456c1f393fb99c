/// The REST client that the commands use.
@NullMarked
package io.capsdb.server.client;

import org.jspecify.annotations.NullMarked;
