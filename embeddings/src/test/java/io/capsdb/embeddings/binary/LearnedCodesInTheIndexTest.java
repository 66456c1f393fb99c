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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
    float[][] matrix =
        new BinaryCodeTrainer(config, new RectifiedStraightThroughEstimator())
            .fit(TrainingRows.of(centred, config), 1)
            .matrix();
    BinaryProjection projection = Projections.of(matrix, centred.mean());
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
      CodeSearch offline = new CodeSearch(matrix, centred.rows());
      int right = 0;
      int same = 0;
      for (float[] query : all.subList(2_600, 2_700)) {
        SearchRequest request = SearchRequest.nearest(query).limit(10);
        List<Hit> exact = collection.search(request.exact(true)).hits();
        SearchResult found = collection.search(request);
        List<String> wanted = exact.stream().map(hit -> hit.id().toString()).toList();
        float[] prepared = Metric.COSINE.prepare(query);
        float[] ofCodes = CentredRows.around(centred.mean(), List.of(prepared)).rows()[0];
        Set<String> byCodes = new HashSet<>();
        for (int row : offline.searchAsymmetric(ofCodes, 40, 40)) {
          byCodes.add(String.valueOf(row));
        }
        List<Hit> ranked = collection.search(request.ranked(40).limit(40)).hits();
        assertThat(ranked).hasSize(40);
        same += (int) ranked.stream().filter(h -> byCodes.contains(h.id().toString())).count();
        right +=
            (int) found.hits().stream().filter(h -> wanted.contains(h.id().toString())).count();
      }
      assertThat(right).isGreaterThan(970);
      // Of the 4,000 that come first by their codes; which of equal codes do is not the same.
      assertThat(same).isGreaterThan(3_960);
    }
    assertThat(StoredProjection.isIn(disk, FOLDER, projection)).isTrue();
  }
}
