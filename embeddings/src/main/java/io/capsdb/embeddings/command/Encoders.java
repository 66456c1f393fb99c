package io.capsdb.embeddings.command;

import io.capsdb.embeddings.model.Encoder;
import io.capsdb.embeddings.model.ModelFile;
import io.capsdb.embeddings.onnx.OnnxTextEncoder;
import io.capsdb.server.command.Machine;
import io.capsdb.server.command.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Opens the encoder that options name.
final class Encoders {
  /// @param maxTokens of a text, for ONNX
  record Request(
      Optional<Path> model,
      Optional<Path> onnx,
      Optional<Path> tokenizer,
      int maxTokens,
      int threads) {}

  private Encoders() {}

  static Encoder open(Machine machine, Request request) throws IOException {
    if (request.model().isPresent() == request.onnx().isPresent()) {
      throw new UsageException("give one of --model and --onnx");
    }
    if (request.model().isPresent()) {
      return ModelFile.read(machine.disk(), request.model().get()).encoder();
    }
    if (request.tokenizer().isEmpty()) {
      throw new UsageException("--tokenizer: an ONNX model needs its tokenizer.json");
    }
    if (request.maxTokens() < 2 || request.maxTokens() > 8_192) {
      throw new UsageException(
          "--max-tokens: value " + request.maxTokens() + " invalid, must be from 2 to 8192");
    }
    return OnnxTextEncoder.open(
        machine.disk(),
        request.onnx().orElseThrow(),
        request.tokenizer().get(),
        request.maxTokens(),
        request.threads());
  }
}
