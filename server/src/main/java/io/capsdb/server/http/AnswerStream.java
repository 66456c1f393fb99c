package io.capsdb.server.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Sends what a worker reads, piece by piece, no faster than the client takes it.
///
/// @param isGone whether nobody takes it any more
/// @param taken run on the event loop after each piece that was taken
/// @param pieceMillis that a client may take for a piece
record AnswerStream(
    Context context,
    HttpServerResponse response,
    BooleanSupplier isGone,
    Runnable taken,
    int pieceMillis) {
  private static final int PIECE = 64 << 10;

  /// Pieces on the way at one time.
  private static final int ON_THE_WAY = 4;

  /// Sends all that there is; false when the client did not take it, or it could not be read.
  ///
  /// @throws RejectedExecutionException if the server was stopped
  boolean send(InputStream in) throws IOException {
    Semaphore room = new Semaphore(ON_THE_WAY);
    byte[] piece = new byte[PIECE];
    for (int count = in.readNBytes(piece, 0, PIECE);
        count > 0;
        count = in.readNBytes(piece, 0, PIECE)) {
      if (!awaitRoom(room, 1)) {
        return false;
      }
      Buffer buffer = Buffer.buffer(count).appendBytes(piece, 0, count);
      context.runOnContext(
          _ ->
              response
                  .write(buffer)
                  .onComplete(
                      _ -> {
                        taken.run();
                        room.release();
                      }));
    }
    return awaitRoom(room, ON_THE_WAY);
  }

  private boolean awaitRoom(Semaphore room, int pieces) {
    try {
      return room.tryAcquire(pieces, pieceMillis, TimeUnit.MILLISECONDS) && !isGone.getAsBoolean();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
