/// The commands of this module, which the command line finds by ServiceLoader. The one package that
/// knows the server.
@NullMarked
package io.capsdb.embeddings.command;

import org.jspecify.annotations.NullMarked;
