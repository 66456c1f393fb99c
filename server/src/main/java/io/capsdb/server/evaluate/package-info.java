/// Measures what each index of a collection gives on given queries and filters, against the exact
/// answers, and shows it as a table, as JSON and as a page.
@NullMarked
package io.capsdb.server.evaluate;

import org.jspecify.annotations.NullMarked;
