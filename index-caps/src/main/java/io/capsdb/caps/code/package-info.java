/// Codes of rows, by which most rows that a search visits are passed over without reading their
/// vectors, in three forms: [io.capsdb.caps.code.Quantizer] makes them and
/// [io.capsdb.caps.code.RowCodes] are what is opened.
///
/// Codes of signs are 1-bit codes with two corrections a row, scanned by comparing with a 4-bit
/// query: the estimate of RaBitQ (Gao and Long, SIGMOD 2024), its centroid's share folded into the
/// row so that a query is coded once for all partitions. Byte codes are for few values and for L1
/// distances.
@NullMarked
package io.capsdb.caps.code;

import org.jspecify.annotations.NullMarked;
