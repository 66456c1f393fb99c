package io.capsdb.embeddings.averaging;

import java.util.ArrayList;
import java.util.List;

/// Workers that are threads of one process.
public final class ThreadCollective implements Collective {
  private final int rank;
  private final float[][] given;
  private final Meeting meeting;

  private ThreadCollective(int rank, float[][] given, Meeting meeting) {
    this.rank = rank;
    this.given = given;
    this.meeting = meeting;
  }

  /// Where all wait for all, until one says that it will not come any more. A barrier of the JDK
  /// lets those wait for ever who come after it was reset.
  private static final class Meeting {
    private final int size;
    private int waiting;
    private long round;
    private boolean isOver;

    Meeting(int size) {
      this.size = size;
    }

    synchronized void await() throws InterruptedException {
      long own = round;
      waiting++;
      if (waiting == size) {
        waiting = 0;
        round++;
        notifyAll();
      }
      while (round == own) {
        if (isOver) {
          throw new IllegalStateException("another worker has stopped");
        }
        wait();
      }
    }

    synchronized void end() {
      isOver = true;
      notifyAll();
    }
  }

  /// The views of as many workers, one for each thread.
  public static List<ThreadCollective> ofSize(int size) {
    float[][] given = new float[size][];
    Meeting meeting = new Meeting(size);
    List<ThreadCollective> workers = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      workers.add(new ThreadCollective(rank, given, meeting));
    }
    return workers;
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return given.length;
  }

  @Override
  public void sum(float[] values) {
    given[rank] = values.clone();
    await();
    java.util.Arrays.fill(values, 0);
    for (float[] part : given) {
      for (int i = 0; i < values.length; i++) {
        values[i] += part[i];
      }
    }
    await(); // nobody may give the next values before all have read these
  }

  private void await() {
    try {
      meeting.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("a worker was interrupted", e);
    }
  }

  /// Whoever waits for this worker, now or later, learns that it will not come.
  @Override
  public void close() {
    meeting.end();
  }
}
