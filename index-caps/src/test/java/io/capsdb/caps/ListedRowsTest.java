package io.capsdb.caps;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.attribute.Selection;
import io.capsdb.filter.Filter;
import io.capsdb.filter.Filter.Bound;
import io.capsdb.index.OpenedIndex;
import io.capsdb.index.ProbeQueue;
import io.capsdb.index.SearchBudget;
import io.capsdb.point.Payload;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

class ListedRowsTest {
  private static ProbeQueue.Outcome probe(
      OpenedIndex opened, float[] query, Selection selection, double recall) {
    return ProbeQueue.search(
        List.of(new ProbeQueue.Source(opened.index(), selection)),
        query,
        10,
        recall < 1 ? SearchBudget.forRecall(recall, 10) : new SearchBudget(Long.MAX_VALUE, 0, 3, 1),
        Long::compare);
  }

  /// What is found, scored and visited is the same, whether rare rows are listed or partitions are
  /// tested.
  @Test
  void rareRowsAreFoundAsByMasks() {
    Seed.repeat(
        2,
        random -> {
          List<float[]> vectors = new ArrayList<>();
          List<Payload> payloads = new ArrayList<>();
          for (int row = 0; row < 6_000; row++) {
            vectors.add(TestData.around(random, new float[32], 1));
            payloads.add(Payload.of(Map.of("n", (long) random.nextInt(1_000))));
          }
          OpenedIndex opened =
              OpenedIndex.of(
                  new CapsIndexFactory(new CapsParams(16, 8, 64, 6, 32)),
                  Metric.EUCLID,
                  vectors,
                  payloads,
                  1);
          CapsIndex index = (CapsIndex) opened.index();
          for (double below : new double[] {0, 1, 2, 5, 30}) {
            Filter rare = new Filter.Range("n", Bound.none(), Bound.excluding(below));
            RoaringBitmap hidden = some(random, index.size());
            for (Selection selection :
                List.of(opened.select(rare), opened.select(rare).without(hidden))) {
              assertThat(index.listed(selection)).isPresent();
              RoaringBitmap matching = new RoaringBitmap();
              opened.matching(rare).stream().filter(selection::mayMatch).forEach(matching::add);
              Selection masks = Selection.exactly(index.size(), matching);
              assertThat(index.listed(masks)).isEmpty();
              for (double recall : new double[] {0.5, 0.95, 1}) {
                float[] query = TestData.around(random, new float[32], 1);
                ProbeQueue.Outcome byList = probe(opened, query, selection, recall);
                ProbeQueue.Outcome byMasks = probe(opened, query, masks, recall);
                assertThat(byList.hits().keys()).isEqualTo(byMasks.hits().keys());
                assertThat(byList.hits().size()).isEqualTo(Math.min(10, matching.getCardinality()));
                assertThat(byList.counters().rowsScored).isEqualTo(byMasks.counters().rowsScored);
                assertThat(byList.counters().partitionsProbed)
                    .isEqualTo(byMasks.counters().partitionsProbed);
              }
            }
          }
        });
  }

  @Test
  void rowsAreFoundInTheirPartitions() {
    Seed.repeat(
        20,
        random -> {
          int[] starts = new int[1 + random.nextInt(40)];
          for (int p = 1; p < starts.length; p++) {
            starts[p] = starts[p - 1] + (random.nextInt(4) == 0 ? 0 : random.nextInt(700));
          }
          int rows = starts[starts.length - 1];
          PartitionFinder finder = new PartitionFinder(starts);
          int[] ordinals =
              random.ints(random.nextInt(500), 0, Math.max(1, rows)).distinct().toArray();
          int[] some = rows == 0 ? new int[0] : ordinals;
          ListedRows listed = new ListedRows(some, finder);
          for (int p = 0; p + 1 < starts.length; p++) {
            int from = starts[p];
            int to = starts[p + 1];
            long[] mask = new long[(to - from + 63) / 64];
            listed.fill(p, from, mask);
            int[] expected =
                Arrays.stream(some).filter(row -> row >= from && row < to).sorted().toArray();
            assertThat(listed.count(p)).isEqualTo(expected.length);
            assertThat(
                    IntStream.range(from, to)
                        .filter(row -> (mask[(row - from) >> 6] >>> (row - from) & 1) != 0)
                        .toArray())
                .isEqualTo(expected);
          }
        });
  }

  private static RoaringBitmap some(RandomGenerator random, int size) {
    RoaringBitmap some = new RoaringBitmap();
    random.ints(size / 5, 0, size).forEach(some::add);
    return some;
  }
}
