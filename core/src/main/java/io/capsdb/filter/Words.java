package io.capsdb.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Texts as lists of words: runs of letters and digits, in lower case.
final class Words {
  private Words() {}

  static List<String> of(String text) {
    List<String> words = new ArrayList<>();
    String lower = text.toLowerCase(Locale.ROOT);
    int begin = -1;
    for (int at = 0; at <= lower.length(); ) {
      int c = at < lower.length() ? lower.codePointAt(at) : ' ';
      if (Character.isLetterOrDigit(c)) {
        begin = begin < 0 ? at : begin;
      } else if (begin >= 0) {
        words.add(lower.substring(begin, at));
        begin = -1;
      }
      at += Character.charCount(c);
    }
    return words;
  }
}
