/// Random data and filters that the tests of all modules share.
@NullMarked
package io.capsdb.testdata;

import org.jspecify.annotations.NullMarked;
