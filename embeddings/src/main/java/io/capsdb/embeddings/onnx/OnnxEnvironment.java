package io.capsdb.embeddings.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.util.concurrent.CompletableFuture;

/// ONNX Runtime, started once for the process, without telemetry.
final class OnnxEnvironment {
  /// When it starts, ONNX Runtime searches the command line of the process with a recursion for
  /// each character: some thousand of them end the process on a usual stack. This holds for about
  /// 800,000. Only what is used takes memory.
  private static final long STACK_BYTES = 256L << 20;

  private OnnxEnvironment() {}

  static OrtEnvironment get() throws OrtException {
    OrtEnvironment environment = Started.ENVIRONMENT;
    environment.setTelemetry(false);
    return environment;
  }

  private static final class Started {
    static final OrtEnvironment ENVIRONMENT =
        CompletableFuture.supplyAsync(
                OrtEnvironment::getEnvironment,
                task -> new Thread(null, task, "onnx-start", STACK_BYTES).start())
            .join();
  }
}
