package io.capsdb.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.attribute.Selection;
import io.capsdb.filter.Filter;
import io.capsdb.testdata.Seed;
import io.capsdb.testdata.TestData;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ExactIndexTest extends VectorIndexContract {
  @Override
  protected IndexFactory factory() {
    return new ExactIndexFactory();
  }

  private static OpenedIndex opened() {
    TestData data = TestData.clustered(new Seed(3).random(), 700, 5);
    return OpenedIndex.of(
        new ExactIndexFactory(), Metric.EUCLID, data.vectors(), data.payloads(), 1);
  }

  @Test
  void rowsStayInTheirOrder() {
    assertThat(opened().order()).startsWith(0, 1, 2).endsWith(698, 699);
  }

  @Test
  void allIsOnePartitionThatComesFirst() {
    OpenedIndex opened = opened();
    Prober prober =
        opened.index().prober(new float[5], opened.select(Filter.ALL), SearchBudget.UNBOUNDED);
    assertThat(prober.partitionCount()).isEqualTo(1);
    assertThat(prober.nextDistance()).isEqualTo(Float.NEGATIVE_INFINITY);
    RowSink sink = new RowSink(new TopK(3), new SearchCounters(), 0, new RowSink.Progress());
    prober.probeNext(sink);
    assertThat(sink.counters().rowsScored).isEqualTo(700);
    assertThat(prober.nextDistance()).isEqualTo(Float.POSITIVE_INFINITY);
    assertThatExceptionOfType(NoSuchElementException.class)
        .isThrownBy(() -> prober.probeNext(sink));
  }

  /// Also a scan of millions of rows ends soon where nobody waits for it.
  @Test
  void aLongScanIsGivenUpBetweenRunsOfRows() {
    int rows = 3 * ExactIndex.RUN_ROWS + 1;
    VectorMatrix vectors = new VectorMatrix(Arena.ofAuto().allocate(4L * rows, 64), rows, 1);
    for (int row = 0; row < rows; row++) {
      vectors.segment().setAtIndex(ValueLayout.JAVA_FLOAT, row, Math.abs(row - 150_000f));
    }
    List<ProbeQueue.Source> sources =
        List.of(new ProbeQueue.Source(new ExactIndex(Metric.EUCLID, vectors), Selection.all(rows)));
    AtomicInteger asked = new AtomicInteger();
    ProbeQueue.Outcome outcome =
        ProbeQueue.search(
            sources,
            new float[1],
            3,
            SearchBudget.UNBOUNDED,
            Long::compare,
            () -> asked.incrementAndGet() < 0);
    assertThat(outcome.hits().keys()).containsExactly(150_000, 149_999, 150_001);
    assertThat(outcome.counters().rowsScored).isEqualTo(rows);
    assertThat(asked).hasValue(5);
    asked.set(0);
    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(
            () ->
                ProbeQueue.search(
                    sources,
                    new float[1],
                    3,
                    SearchBudget.UNBOUNDED,
                    Long::compare,
                    () -> asked.incrementAndGet() == 3));
    assertThat(asked).hasValue(3);
  }

  @Test
  void nothingIsVisitedWhereNothingCanMatch() {
    OpenedIndex opened = opened();
    ProbeQueue.Outcome outcome =
        opened.search(new float[5], opened.select(Filter.NONE), 3, SearchBudget.defaultFor(3));
    assertThat(outcome.hits().size()).isZero();
    assertThat(outcome.isComplete()).isTrue();
    assertThat(outcome.counters().partitionsProbed).isZero();
  }

  /// Only rows that the attribute index cannot decide are read, and only those that match are
  /// scored.
  @Test
  void documentsAreReadWhereTheIndexCannotDecideOnly() {
    OpenedIndex opened = opened();
    Filter decidable = new Filter.IsEmpty("brand");
    ProbeQueue.Outcome outcome =
        opened.search(new float[5], opened.select(decidable), 3, SearchBudget.UNBOUNDED);
    assertThat(outcome.counters().documentsVerified).isZero();
    assertThat(outcome.counters().rowsScored).isEqualTo(opened.matching(decidable).size());
    Filter undecidable = new Filter.IsEmpty("offers[0].price");
    outcome = opened.search(new float[5], opened.select(undecidable), 3, SearchBudget.UNBOUNDED);
    assertThat(outcome.counters().documentsVerified).isEqualTo(700);
    assertThat(outcome.counters().rowsScored).isEqualTo(opened.matching(undecidable).size());
  }
}
