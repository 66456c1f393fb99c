package io.capsdb.embeddings.command;

import io.capsdb.embeddings.data.Content;
import io.capsdb.embeddings.data.LabelledSet;
import io.capsdb.embeddings.network.Inputs;
import io.capsdb.embeddings.text.BytePairs;
import java.util.List;

/// Texts as the inputs of a network: tokens, filled up with padding.
///
/// @param encoded tokens of each text, no more than `length`
/// @param length values of a row
@SuppressWarnings("ArrayRecordComponent") // made here, read only
record TokenInputs(int[][] encoded, int length) implements Inputs {
  static TokenInputs of(LabelledSet set, BytePairs tokenizer, int length) {
    return new TokenInputs(
        texts(set).stream().map(text -> tokenizer.encode(text, length)).toArray(int[][]::new),
        length);
  }

  static List<String> texts(LabelledSet set) {
    return set.contents().stream().map(content -> ((Content.Text) content).text()).toList();
  }

  @Override
  public int rowCount() {
    return encoded.length;
  }

  @Override
  public void write(int row, float[] out, int at) {
    for (int i = 0; i < length; i++) {
      out[at + i] = i < encoded[row].length ? encoded[row][i] : 0;
    }
  }
}
