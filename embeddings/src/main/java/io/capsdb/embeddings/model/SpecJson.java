package io.capsdb.embeddings.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.capsdb.embeddings.data.PixelScale;
import io.capsdb.embeddings.network.BinarizedMlp;
import io.capsdb.embeddings.network.ConvNet;
import io.capsdb.embeddings.network.Mlp;
import io.capsdb.embeddings.network.Network;
import io.capsdb.embeddings.network.TextTransformer;
import io.capsdb.embeddings.network.VisionTransformer;
import io.capsdb.embeddings.text.BytePairs;
import io.capsdb.embeddings.text.NgramTable;
import java.util.ArrayList;
import java.util.List;

/// What models are made of, as JSON.
final class SpecJson {
  private SpecJson() {}

  static ObjectNode write(ModelSpec spec) {
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    switch (spec) {
      case ModelSpec.Images images -> {
        out.put("kind", "images").put("channels", images.channels()).put("side", images.side());
        out.put("pixel_mean", images.scale().mean());
        out.put("pixel_deviation", images.scale().deviation());
        out.set("network", write(images.network()));
      }
      case ModelSpec.Tokens tokens -> {
        out.put("kind", "tokens");
        tokens.fields().forEach(out.putArray("fields")::add);
        out.set("network", write(tokens.network()));
        tokens.tokenizer().merges().forEach(out.putArray("merges")::add);
      }
      case ModelSpec.Ngrams ngrams -> {
        out.put("kind", "ngrams");
        ngrams.fields().forEach(out.putArray("fields")::add);
        out.put("buckets", ngrams.table().buckets());
        out.put("dimension", ngrams.table().dimension());
      }
    }
    return out;
  }

  private static ObjectNode write(Network network) {
    ObjectNode out = JsonNodeFactory.instance.objectNode();
    switch (network) {
      case Mlp mlp -> {
        out.put("kind", "mlp").put("inputs", mlp.inputLength());
        mlp.hidden().forEach(out.putArray("hidden")::add);
      }
      case ConvNet conv -> {
        out.put("kind", "conv").put("channels", conv.channels()).put("side", conv.side());
        out.put("width", conv.width()).put("embedding", conv.embeddingDimension());
      }
      case VisionTransformer vit -> {
        out.put("kind", "vit").put("channels", vit.channels()).put("side", vit.side());
        out.put("patch", vit.patch()).put("width", vit.width());
        out.put("heads", vit.heads()).put("layers", vit.layers());
      }
      case TextTransformer text -> {
        out.put("kind", "text-transformer").put("vocabulary", text.vocabulary());
        out.put("length", text.length()).put("width", text.width());
        out.put("heads", text.heads()).put("layers", text.layers());
      }
      case BinarizedMlp binary -> {
        out.put("kind", "binarized-mlp").put("inputs", binary.inputLength());
        out.put("width", binary.width()).put("layers", binary.layers());
      }
    }
    return out.put("classes", network.classCount());
  }

  /// @throws IllegalArgumentException naming the field that is missing or impossible
  static ModelSpec read(JsonNode in) {
    return switch (text(in, "kind")) {
      case "images" ->
          new ModelSpec.Images(
              network(in.path("network")),
              whole(in, "channels"),
              whole(in, "side"),
              new PixelScale(number(in, "pixel_mean"), number(in, "pixel_deviation")));
      case "tokens" -> {
        if (!(network(in.path("network")) instanceof TextTransformer network)) {
          throw new IllegalArgumentException("a model of tokens has a network of images");
        }
        yield new ModelSpec.Tokens(network, BytePairs.of(texts(in, "merges")), texts(in, "fields"));
      }
      case "ngrams" ->
          new ModelSpec.Ngrams(
              new NgramTable(whole(in, "buckets"), whole(in, "dimension")), texts(in, "fields"));
      default ->
          throw new IllegalArgumentException(
              "kind '" + in.path("kind").asText() + "' is unknown to this version");
    };
  }

  private static Network network(JsonNode in) {
    int classes = whole(in, "classes");
    return switch (text(in, "kind")) {
      case "mlp" -> {
        List<Integer> hidden = new ArrayList<>();
        in.path("hidden").forEach(width -> hidden.add(width.asInt()));
        yield new Mlp(whole(in, "inputs"), hidden, classes);
      }
      case "conv" ->
          new ConvNet(
              whole(in, "channels"),
              whole(in, "side"),
              whole(in, "width"),
              whole(in, "embedding"),
              classes);
      case "vit" ->
          new VisionTransformer(
              whole(in, "channels"),
              whole(in, "side"),
              whole(in, "patch"),
              whole(in, "width"),
              whole(in, "heads"),
              whole(in, "layers"),
              classes);
      case "text-transformer" ->
          new TextTransformer(
              whole(in, "vocabulary"),
              whole(in, "length"),
              whole(in, "width"),
              whole(in, "heads"),
              whole(in, "layers"),
              classes);
      // Steepness matters to gradients only.
      case "binarized-mlp" ->
          new BinarizedMlp(
              whole(in, "inputs"), whole(in, "width"), whole(in, "layers"), classes, 1);
      default ->
          throw new IllegalArgumentException(
              "network '" + in.path("kind").asText() + "' is unknown to this version");
    };
  }

  private static String text(JsonNode in, String field) {
    JsonNode value = in.path(field);
    if (!value.isTextual()) {
      throw new IllegalArgumentException("field '" + field + "' is missing");
    }
    return value.asText();
  }

  private static int whole(JsonNode in, String field) {
    JsonNode value = in.path(field);
    if (!value.isInt()) {
      throw new IllegalArgumentException("field '" + field + "' is no whole number");
    }
    return value.asInt();
  }

  private static float number(JsonNode in, String field) {
    JsonNode value = in.path(field);
    if (!value.isNumber()) {
      throw new IllegalArgumentException("field '" + field + "' is no number");
    }
    return value.floatValue();
  }

  private static List<String> texts(JsonNode in, String field) {
    List<String> texts = new ArrayList<>();
    in.path(field).forEach(each -> texts.add(each.asText()));
    return texts;
  }
}
