package io.capsdb.embeddings.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.capsdb.formats.FormatException;
import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingLoopTest {
  private static final Path FOLDER = Path.of("run").toAbsolutePath();

  /// Draws weights to the mean of the rows `0 .. 49`, each of which is its own number.
  private static final class Bowl implements Objective {
    private long calls;
    private long nanAt = -1;

    @Override
    public int dimension() {
      return 2;
    }

    @Override
    public int rowCount() {
      return 50;
    }

    @Override
    public double gradient(float[] weights, int[] rows, float[] gradient) {
      double loss = 0;
      gradient[0] = 0;
      gradient[1] = 0;
      for (int row : rows) {
        loss += (weights[0] - row) * (weights[0] - row) / 2.0 + weights[1] * weights[1] / 2.0;
        gradient[0] += (weights[0] - row) / rows.length;
        gradient[1] += weights[1] / rows.length;
      }
      return calls++ == nanAt ? Double.NaN : loss / rows.length;
    }
  }

  static Stream<Supplier<Optimizer>> optimizers() {
    return Stream.of(() -> new MomentumSgd(0.9, 1e-3), () -> new AdamW(1e-3));
  }

  private static TrainingSettings settings() {
    return TrainingSettings.of(6, 7, 0.05, 3)
        .withCheckpointsPerEpoch(2)
        .withSchedule(Schedule.COSINE);
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void runThatGoesOnEndsAsIfItHadNeverStopped(Supplier<Optimizer> optimizer) throws Exception {
    List<TrainingState> states = new ArrayList<>();
    TrainingListener keep =
        new TrainingListener() {
          @Override
          public void checkpoint(TrainingState state) {
            states.add(state);
          }
        };
    float[] whole =
        new TrainingLoop(new Bowl(), optimizer.get(), settings(), w -> -w[1] * w[1], keep)
            .run(new float[] {5, 5})
            .weights();
    assertThat(states).hasSize(13);
    Disk disk = new MemoryDisk();
    CheckpointFiles files = new CheckpointFiles(disk, FOLDER, "bowl");
    for (int from : new int[] {0, 3, 8, 12}) {
      files.save(states.get(from));
      TrainingState back = files.latest().orElseThrow();
      assertThat(back.step()).isEqualTo(states.get(from).step());
      float[] resumed =
          new TrainingLoop(
                  new Bowl(), optimizer.get(), settings(), w -> -w[1] * w[1], TrainingListener.NONE)
              .run(back)
              .weights();
      assertThat(resumed).containsExactly(whole);
    }
  }

  /// The loss of a step is that of the weights before it.
  @Test
  void weightsThatAreNoNumbersAfterTheLastStepAreNoResult() {
    Objective breaks =
        new Objective() {
          @Override
          public int dimension() {
            return 1;
          }

          @Override
          public int rowCount() {
            return 10;
          }

          @Override
          public double gradient(float[] weights, int[] rows, float[] gradient) {
            gradient[0] = Float.POSITIVE_INFINITY;
            return 1;
          }
        };
    TrainingSettings settings = TrainingSettings.of(1, 10, 0.1, 1);
    TrainingLoop loop =
        new TrainingLoop(breaks, new MomentumSgd(0.9, 0), settings, null, TrainingListener.NONE);
    assertThatThrownBy(() -> loop.run(new float[1]))
        .isInstanceOf(DivergedException.class)
        .hasMessageContaining("at step 1 (epoch 1)");
  }

  @Test
  void descentFindsTheMean() throws Exception {
    TrainingSettings settings = TrainingSettings.of(60, 25, 0.05, 1).withSchedule(Schedule.LINEAR);
    float[] weights =
        new TrainingLoop(new Bowl(), new MomentumSgd(0.9, 0), settings, null, TrainingListener.NONE)
            .run(new float[] {-3, 8})
            .weights();
    assertThat(weights[0]).isBetween(24f, 25f);
    assertThat(weights[1]).isBetween(-0.1f, 0.1f);
  }

  @Test
  void runEndsEarlyWhenNothingGetsBetterAndKeepsTheBest() throws Exception {
    // The score falls with each step that leaves the start.
    TrainingLoop.Result result =
        new TrainingLoop(
                new Bowl(),
                new MomentumSgd(0, 0),
                TrainingSettings.of(50, 10, 0.01, 1).withPatience(3),
                w -> -w[0],
                TrainingListener.NONE)
            .run(new float[] {0, 0});
    assertThat(result.stoppedEarly()).isTrue();
    assertThat(result.steps()).isEqualTo(4 * 5);
    assertThat(result.weights()[0]).isEqualTo((float) -result.bestScore().getAsDouble());
  }

  @Test
  void runThatHadStoppedEarlyDoesNotGoOn() throws Exception {
    List<TrainingState> states = new ArrayList<>();
    TrainingListener keep =
        new TrainingListener() {
          @Override
          public void checkpoint(TrainingState state) {
            states.add(state);
          }
        };
    Supplier<TrainingLoop> loop =
        () ->
            new TrainingLoop(
                new Bowl(),
                new MomentumSgd(0, 0),
                TrainingSettings.of(50, 10, 0.01, 1).withPatience(3).withCheckpointsPerEpoch(1),
                w -> -w[0],
                keep);
    TrainingLoop.Result whole = loop.get().run(new float[] {0, 0});
    TrainingLoop.Result again = loop.get().run(states.getLast());
    assertThat(again.steps()).isEqualTo(whole.steps());
    assertThat(again.stoppedEarly()).isTrue();
    assertThat(again.weights()).isEqualTo(whole.weights());
  }

  @Test
  void lossThatIsNoNumberStopsTheRunWithTheStep() {
    Bowl bowl = new Bowl();
    bowl.nanAt = 9;
    TrainingLoop loop =
        new TrainingLoop(
            bowl, new AdamW(0), TrainingSettings.of(5, 10, 0.1, 1), null, TrainingListener.NONE);
    assertThatThrownBy(() -> loop.run(new float[] {0, 0}))
        .isInstanceOf(DivergedException.class)
        .hasMessageContaining("the loss is NaN at step 9 (epoch 2)");
  }

  @Test
  void longGradientsAreShortened() throws Exception {
    float[] weights =
        new TrainingLoop(
                new Bowl(),
                new MomentumSgd(0, 0),
                TrainingSettings.of(1, 50, 1, 1).withClipNorm(0.5),
                null,
                TrainingListener.NONE)
            .run(new float[] {-900, 0})
            .weights();
    assertThat(weights[0]).isCloseTo(-899.5f, org.assertj.core.api.Assertions.within(1e-3f));
  }

  @Test
  void batchesCoverAllRowsOnceInAnOrderOfTheEpoch() {
    Batches first = Batches.ofEpoch(1, 0, 23, 5);
    List<Integer> seen = new ArrayList<>();
    for (int i = 0; i < first.count(); i++) {
      for (int row : first.batch(i)) {
        seen.add(row);
      }
    }
    assertThat(first.count()).isEqualTo(5);
    assertThat(seen).hasSize(23).doesNotHaveDuplicates().isNotEqualTo(seen.stream().sorted());
    assertThat(Batches.ofEpoch(1, 1, 23, 5).batch(0)).isNotEqualTo(first.batch(0));
    assertThat(Batches.ofEpoch(1, 0, 23, 5).batch(0)).isEqualTo(first.batch(0));
  }

  @Test
  void damagedCheckpointsArePassedOver() throws IOException {
    Disk disk = new MemoryDisk();
    CheckpointFiles files = new CheckpointFiles(disk, FOLDER, "bowl");
    AdamW optimizer = new AdamW(0);
    files.save(TrainingState.of(new float[] {1, 2}, optimizer));
    Path last =
        files.save(
            new TrainingState(7, new float[] {3, 4}, optimizer.state(), 0, new float[0], 0, -1));
    byte[] bytes;
    try (InputStream in = disk.read(last)) {
      bytes = in.readAllBytes();
    }
    for (int at : new int[] {0, 9, 20, bytes.length / 2, bytes.length - 1}) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 4;
      rewrite(disk, last, damaged);
      assertThatThrownBy(() -> CheckpointFiles.read(disk, last))
          .isInstanceOf(FormatException.class);
      assertThat(files.latest().orElseThrow().step()).isZero();
    }
    for (int length = 0; length < bytes.length; length += 5) {
      rewrite(disk, last, java.util.Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> CheckpointFiles.read(disk, last))
          .isInstanceOf(FormatException.class);
    }
    assertThatThrownBy(() -> new CheckpointFiles(disk, FOLDER, "another").latest())
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("it is of another run (bowl) than this one (another)");
  }

  private static void rewrite(Disk disk, Path file, byte[] bytes) throws IOException {
    disk.delete(file);
    try (Disk.AppendFile out = disk.create(file)) {
      out.write(ByteBuffer.wrap(bytes));
    }
  }

  @Test
  void metricsOfARunThatGoesOnAreThoseOfOne() throws IOException {
    Disk disk = new MemoryDisk();
    MetricsLog log = MetricsLog.open(disk, FOLDER, 0);
    log.add(new TrainingListener.Epoch(0, 10, 2.5, 0.5, 0.1));
    log.add(new TrainingListener.Epoch(1, 20, 1.5, Double.NaN, 0.1));
    MetricsLog again = MetricsLog.open(disk, FOLDER, 15);
    again.add(new TrainingListener.Epoch(1, 20, 1.25, 0.75, 0.05));
    assertThat(text(disk, "metrics.jsonl").lines())
        .containsExactly(
            "{\"epoch\":1,\"steps\":10,\"loss\":2.5,\"validation\":0.5,\"learning_rate\":0.1}",
            "{\"epoch\":2,\"steps\":20,\"loss\":1.25,\"validation\":0.75,\"learning_rate\":0.05}");
    assertThat(text(disk, "metrics.svg"))
        .startsWith("<svg")
        .contains("loss: 1.250 to 2.500", "validation: 0.5000 to 0.7500", "</svg>");
  }

  private static String text(Disk disk, String name) throws IOException {
    try (InputStream in = disk.read(FOLDER.resolve(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
