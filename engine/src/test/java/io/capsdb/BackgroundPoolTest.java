package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackgroundPoolTest {
  private final BackgroundPool pool = new BackgroundPool("capsdb-test");

  @AfterEach
  void close() throws InterruptedException {
    List<Thread> own =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("capsdb-test"))
            .toList();
    pool.close();
    for (Thread thread : own) {
      assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
    }
  }

  @Test
  void parallelWorkIsDoneByItsThreads() throws IOException {
    Set<String> names = ConcurrentHashMap.newKeySet();
    int sum =
        pool.run(
            () ->
                IntStream.range(0, 1_000)
                    .parallel()
                    .peek(_ -> names.add(Thread.currentThread().getName()))
                    .sum());
    assertThat(sum).isEqualTo(499_500);
    assertThat(names).containsExactly("capsdb-test");
  }

  @Test
  void whatTheWorkThrowsIsThrown() throws IOException {
    IOException full = new IOException("the disk is full");
    assertThatIOException()
        .isThrownBy(
            () ->
                pool.run(
                    () -> {
                      throw full;
                    }))
        .isSameAs(full);
    assertThatExceptionOfType(OutOfMemoryError.class)
        .isThrownBy(
            () ->
                pool.run(
                    () -> {
                      throw new OutOfMemoryError("for a test");
                    }));
    assertThat(pool.run(() -> 7)).isEqualTo(7);
  }

  /// The work is interrupted instead of the thread that waits, and the next one is not.
  @Test
  void interruptsReachTheWork() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread waiting =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    pool.run(
                        () -> {
                          begun.countDown();
                          try {
                            Thread.sleep(60_000);
                          } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                            throw new CancellationException("interrupted");
                          }
                          return 0;
                        });
                  } catch (IOException | RuntimeException e) {
                    thrown.set(e);
                  }
                });
    begun.await();
    waiting.interrupt();
    waiting.join();
    assertThat(thrown.get()).isInstanceOf(CancellationException.class).hasMessage("interrupted");
    assertThat(pool.run(Thread::interrupted)).isFalse();
  }

  /// The kernel's view of the thread: the 19th field of its `stat`.
  @Test
  void itsThreadsGiveWayToOthers() throws IOException {
    assumeTrue(ThreadPriority.isKnown(), "only on Linux, with native access");
    int own = nice();
    assertThat((int) pool.run(BackgroundPoolTest::nice)).isEqualTo(Math.min(19, own + 10));
    assertThat(nice()).isEqualTo(own);
    // A thread that one of them starts is as low, not lower.
    BackgroundPool inner = new BackgroundPool("capsdb-test");
    assertThat((int) pool.run(() -> inner.run(BackgroundPoolTest::nice)))
        .isEqualTo(Math.min(19, own + 10));
    inner.close();
  }

  private static int nice() throws IOException {
    String stat = Files.readString(Path.of("/proc/thread-self/stat"));
    StringTokenizer fields = new StringTokenizer(stat.substring(stat.lastIndexOf(')') + 1));
    for (int field = 3; field < 19; field++) {
      fields.nextToken();
    }
    return Integer.parseInt(fields.nextToken());
  }
}
