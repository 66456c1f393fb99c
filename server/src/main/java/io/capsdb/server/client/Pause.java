package io.capsdb.server.client;

import java.time.Duration;

/// How to wait; a port, so that tests need not.
@FunctionalInterface
public interface Pause {
  void sleep(Duration time) throws InterruptedException;
}
