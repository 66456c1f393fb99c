package io.capsdb.server.http;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A body that is worked on while it comes: filled by the event loop, read by one worker. It may
/// have any length; where the worker falls behind, the client has to wait.
final class BodyStream extends InputStream {
  /// Bytes that wait for the worker, beyond which the client is not read from. More can only come
  /// with the chunk that goes beyond.
  private static final int MOST_WAITING = 256 << 10;

  private final Runnable resume;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition isChanged = lock.newCondition();

  // Guarded by `lock`.
  private final ArrayDeque<Buffer> chunks = new ArrayDeque<>();
  private int at;
  private long waiting;
  private long received;
  private boolean isPaused;
  private boolean isEnded;
  private @Nullable Problem failure;

  /// @param resume called by the worker when the client is to be read from again
  BodyStream(Runnable resume) {
    this.resume = resume;
  }

  /// Takes a chunk; true when no more are to come until `resume` was called.
  boolean put(Buffer chunk) {
    lock.lock();
    try {
      received += chunk.length();
      if (failure != null || chunk.length() == 0) {
        return false;
      }
      chunks.add(chunk);
      waiting += chunk.length();
      isPaused = waiting > MOST_WAITING;
      isChanged.signalAll();
      return isPaused;
    } finally {
      lock.unlock();
    }
  }

  /// All of the body has come.
  void end() {
    lock.lock();
    try {
      isEnded = true;
      isChanged.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Nothing more will come, and what has come is not worth reading. The first reason counts; after
  /// the end there is none any more.
  void fail(Problem problem) {
    lock.lock();
    try {
      if (failure == null && !isEnded) {
        failure = problem;
        chunks.clear();
        isChanged.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Bytes that came so far.
  long received() {
    lock.lock();
    try {
      return received;
    } finally {
      lock.unlock();
    }
  }

  /// Whether the client waits for the worker.
  boolean isPaused() {
    lock.lock();
    try {
      return isPaused;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /// @throws Problem if the body does not come to its end
  @Override
  public int read(byte[] into, int from, int length) {
    Objects.checkFromIndexSize(from, length, into.length);
    if (length == 0) {
      return 0;
    }
    boolean isToResume = false;
    int count;
    lock.lock();
    try {
      while (chunks.isEmpty() && !isEnded && failure == null) {
        isChanged.awaitUninterruptibly();
      }
      if (failure != null) {
        throw failure;
      }
      Buffer chunk = chunks.peek();
      if (chunk == null) {
        return -1;
      }
      count = Math.min(length, chunk.length() - at);
      chunk.getBytes(at, at + count, into, from);
      at += count;
      waiting -= count;
      if (at == chunk.length()) {
        chunks.remove();
        at = 0;
      }
      if (isPaused && waiting <= MOST_WAITING / 2) {
        isPaused = false;
        isToResume = true;
      }
    } finally {
      lock.unlock();
    }
    if (isToResume) {
      resume.run();
    }
    return count;
  }
}
