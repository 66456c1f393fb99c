/// The commands of the command line.
@NullMarked
package io.capsdb.server.command;

import org.jspecify.annotations.NullMarked;
