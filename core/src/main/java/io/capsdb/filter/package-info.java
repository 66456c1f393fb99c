/// The filter algebra: what a user asks for, its normal form, and its evaluation on documents and
/// on facts.
@NullMarked
package io.capsdb.filter;

import org.jspecify.annotations.NullMarked;
