/// The port to the disk, and checked reading and writing of bytes.
@NullMarked
package io.capsdb.io;

import org.jspecify.annotations.NullMarked;
