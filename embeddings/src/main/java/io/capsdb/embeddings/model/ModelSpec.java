package io.capsdb.embeddings.model;

import io.capsdb.embeddings.data.PixelScale;
import io.capsdb.embeddings.network.Network;
import io.capsdb.embeddings.network.TextTransformer;
import io.capsdb.embeddings.text.BytePairs;
import io.capsdb.embeddings.text.NgramTable;
import java.util.List;

/// What a model is made of, beside its weights.
public sealed interface ModelSpec {
  /// Number of weights.
  int weightCount();

  int dimension();

  ContentKind kind();

  /// A network over pixels.
  ///
  /// @param channels 1 or 3
  /// @param side pixels of the image's side
  record Images(Network network, int channels, int side, PixelScale scale) implements ModelSpec {
    public Images {
      if (network.inputLength() != channels * side * side) {
        throw new IllegalArgumentException(
            "the network takes "
                + network.inputLength()
                + " values, images have "
                + channels * side * side);
      }
    }

    @Override
    public int weightCount() {
      return network.layout().size();
    }

    @Override
    public int dimension() {
      return network.embeddingDimension();
    }

    @Override
    public ContentKind kind() {
      return ContentKind.images(channels, side);
    }
  }

  /// A transformer over byte pairs.
  ///
  /// @param fields of a row that are its text
  record Tokens(TextTransformer network, BytePairs tokenizer, List<String> fields)
      implements ModelSpec {
    public Tokens {
      fields = List.copyOf(fields);
      if (network.vocabulary() != tokenizer.size()) {
        throw new IllegalArgumentException(
            "the network knows "
                + network.vocabulary()
                + " tokens, the tokenizer "
                + tokenizer.size());
      }
    }

    @Override
    public int weightCount() {
      return network.layout().size();
    }

    @Override
    public int dimension() {
      return network.embeddingDimension();
    }

    @Override
    public ContentKind kind() {
      return ContentKind.texts(fields);
    }
  }

  /// Averaged n-grams.
  ///
  /// @param fields of a row that are its text
  record Ngrams(NgramTable table, List<String> fields) implements ModelSpec {
    public Ngrams {
      fields = List.copyOf(fields);
    }

    @Override
    public int weightCount() {
      return table.weightCount();
    }

    @Override
    public int dimension() {
      return table.dimension();
    }

    @Override
    public ContentKind kind() {
      return ContentKind.texts(fields);
    }
  }
}
