package io.capsdb.embeddings.binary;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.CollectionStatus;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.Hit;
import io.capsdb.Point;
import io.capsdb.SearchRequest;
import io.capsdb.SearchResult;
import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import io.capsdb.point.Payload;
import io.capsdb.vector.BinaryProjection;
import io.capsdb.vector.Metric;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The learned projection as the quantizer of the index, through the engine.
class LearnedCodesInTheIndexTest {
  private static final Path FOLDER = Path.of("db").toAbsolutePath();
  private static final int DIMENSION = 48;

  @Test
  void codesOfNewSegmentsAreTheLearnedOnesAndFindWhatExactSearchFinds() throws Exception {
    List<float[]> all = CodesTest.rows(2_700, DIMENSION, 11);
    List<float[]> base = all.subList(0, 2_600).stream().map(Metric.COSINE::prepare).toList();
    CentredRows centred = CentredRows.of(base);
    BinaryCodeConfig config = BinaryCodeConfig.of(32);
    BinaryProjection projection =
        Projections.of(
            new BinaryCodeTrainer(config, new RectifiedStraightThroughEstimator())
                .fit(TrainingRows.of(centred, config), 1)
                .matrix(),
            centred.mean());
    Disk disk = new MemoryDisk();
    DatabaseOptions options =
        DatabaseOptions.defaults().withDisk(disk).withIdleMillis(50).withProjection(projection);
    try (Database database = Database.open(FOLDER, options)) {
      Collection collection =
          database.createCollection("c", CollectionConfig.of(DIMENSION, Metric.COSINE));
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < base.size(); i++) {
        points.add(Point.of(i, base.get(i), Payload.empty()));
      }
      collection.upsert(points);
      while (collection.status().state() != CollectionStatus.State.GREEN) {
        Thread.sleep(20);
      }
      int right = 0;
      for (float[] query : all.subList(2_600, 2_700)) {
        SearchRequest request = SearchRequest.nearest(query).limit(10);
        List<Hit> exact = collection.search(request.exact(true)).hits();
        SearchResult found = collection.search(request);
        List<String> wanted = exact.stream().map(hit -> hit.id().toString()).toList();
        right +=
            (int) found.hits().stream().filter(h -> wanted.contains(h.id().toString())).count();
      }
      assertThat(right).isGreaterThan(970);
    }
    assertThat(isStored(disk, FOLDER, projection)).isTrue();
  }

  /// Whether some file holds the beginning of the matrix.
  private static boolean isStored(Disk disk, Path folder, BinaryProjection projection)
      throws Exception {
    ByteBuffer wanted = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 16; i++) {
      wanted.putFloat(projection.matrix()[i]);
    }
    String pattern = new String(wanted.array(), java.nio.charset.StandardCharsets.ISO_8859_1);
    for (String name : disk.list(folder)) {
      Path path = folder.resolve(name);
      try (InputStream in = disk.read(path)) {
        String bytes = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
        if (bytes.contains(pattern)) {
          return true;
        }
      } catch (java.io.IOException e) {
        if (isStored(disk, path, projection)) {
          return true;
        }
      }
    }
    return false;
  }
}
