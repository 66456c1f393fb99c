package io.capsdb.caps.code;

/// Names of the parts of codes, and the numbers of their forms.
final class CodeParts {
  static final String FRAME = "code-frame";
  static final String CODES = "codes";
  static final String RECORDS = "code-records";

  static final int BYTE = 3;
  static final int BINARY = 5;
  static final int LEARNED = 6;

  /// As [FormerLayout] tells.
  static final int FORMER_BINARY = 2;

  static final int FORMER_LEARNED = 4;

  private CodeParts() {}
}
