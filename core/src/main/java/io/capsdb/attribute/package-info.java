/// Typed columns and postings made from payloads, and the sets of ordinals that filters resolve to.
@NullMarked
package io.capsdb.attribute;

import org.jspecify.annotations.NullMarked;
