package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.io.MemoryDisk;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import io.capsdb.storage.LogRecord;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/// Equal rows, seeds and settings give equal files, however many threads build them.
class SameFilesTest {
  private static final Path FOLDER = Path.of("/data");
  private static final int ROWS = 6_000;
  private static final int DIMENSION = 40;
  private static final CollectionConfig CONFIG = CollectionConfig.of(DIMENSION, Metric.EUCLID);

  private static byte[] build(int threads) throws Exception {
    MemoryDisk disk = new MemoryDisk();
    disk.createFolders(FOLDER);
    List<LiveChunk> chunks = chunks();
    try (ForkJoinPool pool = new ForkJoinPool(threads)) {
      List<SegmentView> views =
          chunks.stream().map(chunk -> SegmentView.of(chunk, new RoaringBitmap())).toList();
      SegmentBuilder builder =
          new SegmentBuilder(
              disk,
              FOLDER,
              CONFIG,
              DatabaseOptions.defaults().withDisk(disk),
              List::of,
              () -> CollectionSettings.NONE);
      pool.submit(
              () -> {
                builder.build(7, views, views, _ -> {});
                return views;
              })
          .get();
    } finally {
      chunks.forEach(Segment::dispose);
    }
    try (InputStream in = disk.read(SealedSegment.path(FOLDER, 7))) {
      return in.readAllBytes();
    }
  }

  private static List<LiveChunk> chunks() {
    SplittableRandom random = new SplittableRandom(5);
    List<LiveChunk> chunks = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      if (chunks.isEmpty() || chunks.getLast().room() == 0) {
        chunks.add(new LiveChunk(chunks.size(), CONFIG, 65_536));
      }
      float[] vector = TestData.around(random, new float[DIMENSION], 1);
      Payload payload = Payload.of(Map.of("n", (long) row % 17, "t", "x" + row % 5));
      chunks
          .getLast()
          .append(new LogRecord.Entry(PointId.of(row), Map.of("", vector), payload), row + 1L);
    }
    return chunks;
  }

  @Test
  void oneThreadAndFourBuildTheSameBytes() throws Exception {
    byte[] one = build(1);
    assertThat(one).hasSizeGreaterThan(4 * ROWS * DIMENSION);
    assertThat(build(4)).isEqualTo(one);
    assertThat(build(1)).isEqualTo(one);
  }
}
