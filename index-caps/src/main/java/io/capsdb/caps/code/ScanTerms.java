package io.capsdb.caps.code;

/// The terms of the lower bound of a row's distance that are the same for all rows of a partition:
/// `bound = g + f (slope S - shift) + base`, `S` the weighted number of bits in which row and query
/// differ.
///
/// @param slope four steps of the query
/// @param shift what makes the bound an estimate, plus the confidence term
/// @param highShift the same where only the high two of the four planes are compared, which count
///     as four and eight: the low ones are thought to differ in half of their bits, and the
///     confidence term has what they may deviate from that
/// @param base squared distance of the query to the centroid
/// @param limit rows whose bound is not below it are passed over
record ScanTerms(float slope, float shift, float highShift, float base, float limit) {}
