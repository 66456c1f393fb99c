/// Makes tables and charts from the lines of JSON that the engines' runs leave.
@NullMarked
package io.capsdb.bench.report;

import org.jspecify.annotations.NullMarked;
