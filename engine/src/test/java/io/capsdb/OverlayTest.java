package io.capsdb;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.filter.Filter;
import io.capsdb.filter.FilterEvaluator;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.CorruptFileException;
import io.capsdb.point.Payload;
import io.capsdb.testdata.RandomFilters;
import io.capsdb.testdata.RandomPayloads;
import io.capsdb.testdata.Seed;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

class OverlayTest {
  private static final int ROWS = 3_000;

  private static List<Overlay.Change> some(RandomGenerator random, long version, int rows) {
    List<Overlay.Change> changes = new ArrayList<>();
    for (int i = random.nextInt(400); i > 0; i--) {
      changes.add(new Overlay.Change(random.nextInt(rows), RandomPayloads.next(random), version));
    }
    return changes;
  }

  private static void requireShows(Overlay overlay, Map<Integer, Overlay.Change> expected) {
    for (int row = 0; row < ROWS; row++) {
      assertThat(overlay.change(row)).isEqualTo(expected.get(row));
    }
    assertThat(overlay.rows())
        .isEqualTo(
            RoaringBitmap.bitmapOf(expected.keySet().stream().mapToInt(row -> row).toArray()));
    assertThat(overlay.changes()).containsExactlyElementsOf(expected.values());
  }

  @Test
  void theNewestChangeOfEachRowCountsAndOldOverlaysStayAsTheyWere() {
    Seed.repeat(
        4,
        random -> {
          Map<Integer, Overlay.Change> model = new TreeMap<>();
          Overlay overlay = Overlay.EMPTY;
          // Few rows at times, so that entries are outdated and the overlay begins anew.
          int rows = random.nextBoolean() ? 50 : ROWS;
          for (int step = 1; step < 50; step++) {
            Overlay before = overlay;
            Map<Integer, Overlay.Change> beforeModel = Map.copyOf(model);
            List<Overlay.Change> changes = some(random, step, rows);
            overlay = overlay.with(changes);
            changes.forEach(change -> model.put(change.row(), change));
            requireShows(overlay, model);
            requireShows(before, new TreeMap<>(beforeModel));
            Filter filter = RandomFilters.next(random, 2);
            FilterEvaluator documents = FilterEvaluator.of(filter);
            RoaringBitmap matching = new RoaringBitmap();
            model.forEach(
                (row, change) -> {
                  if (documents.matches(change.payload())) {
                    matching.add(row);
                  }
                });
            RoaringBitmap found =
                overlay.matching(
                    filter, row -> documents.matches(requireNonNull(model.get(row)).payload()));
            assertThat(found).isEqualTo(matching);
          }
          byte[] bytes = overlay.toBytes();
          requireShows(
              Overlay.read(new CheckedReader("m", 0, MemorySegment.ofArray(bytes)), ROWS), model);
        });
  }

  @Test
  void changesOfRowsThatTheSegmentHasNotAreRefused() {
    byte[] bytes = Overlay.EMPTY.with(List.of(new Overlay.Change(7, Payload.empty(), 1))).toBytes();
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(() -> Overlay.read(new CheckedReader("m", 0, MemorySegment.ofArray(bytes)), 7))
        .withMessageContaining("row 7 of 7");
  }
}
