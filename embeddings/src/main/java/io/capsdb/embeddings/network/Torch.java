package io.capsdb.embeddings.network;

import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import java.util.logging.Level;
import java.util.logging.Logger;

/// PyTorch, started once: offline, without telemetry, on as many threads as are asked for first.
public final class Torch {
  private static final String ENGINE = "PyTorch";
  private static final String THREADS = "ai.djl.pytorch.num_threads";

  /// Kept, because loggers that nobody holds lose their level.
  private static final Logger DJL = Logger.getLogger("ai.djl");

  private Torch() {}

  static {
    // What DJL would do by itself: look for libraries on its site, and report its use.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    // The graph optimiser is for models that were traced elsewhere.
    System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
    if (System.getProperty(THREADS) == null) {
      System.setProperty(THREADS, "1");
    }
    if (System.getProperty("ai.djl.pytorch.num_interop_threads") == null) {
      System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    }
    DJL.setLevel(Level.SEVERE);
  }

  /// Makes sure that DJL's libraries look for nothing outside and report nothing, though only one
  /// of them is used that is not PyTorch.
  public static void stayOffline() {
    // Loading this class has done it.
  }

  /// Sets the number of threads of an operation; has no effect once PyTorch runs. With one, which
  /// is the default, two runs give the same numbers on every machine of a kind.
  public static void useThreads(int count) {
    System.setProperty(THREADS, String.valueOf(count));
  }

  /// A new manager of arrays; what it holds ends with it.
  ///
  /// @throws IllegalStateException if PyTorch's libraries are not on the class path
  public static NDManager manager() {
    try {
      return Engine.getEngine(ENGINE).newBaseManager();
    } catch (EngineException | IllegalArgumentException e) {
      throw new IllegalStateException("PyTorch does not start: " + e.getMessage(), e);
    }
  }
}
