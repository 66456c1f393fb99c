/// The program `capsdb`.
@NullMarked
package io.capsdb.server;

import org.jspecify.annotations.NullMarked;
