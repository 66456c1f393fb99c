package io.capsdb.server.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Turns a text or an image into a query vector. Found by [java.util.ServiceLoader], where a module
/// brings one.
public interface QueryEncoder {
  /// What is to be encoded, and with what.
  ///
  /// @param model a model file of this program
  /// @param onnx a model from elsewhere, with its tokenizer
  /// @param text the query, if it is a text
  /// @param image file of the query, if it is an image
  record Request(
      Optional<Path> model,
      Optional<Path> onnx,
      Optional<Path> tokenizer,
      Optional<String> text,
      Optional<Path> image) {}

  /// @throws UsageException if model and query do not fit
  float[] encode(Machine machine, Request request) throws IOException;
}
