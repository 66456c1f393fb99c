/// The image, started.
@org.jspecify.annotations.NullMarked
package io.capsdb.docker;
