package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.testdata.Seed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowNumbersTest {
  private static final int ROWS = 20_000;

  @Test
  void eachStateKeepsItsNumbersWhateverComesAfterIt() {
    Seed.repeat(
        20,
        random -> {
          List<RowNumbers> states = new ArrayList<>(List.of(RowNumbers.EMPTY));
          List<Map<Integer, Integer>> expected = new ArrayList<>(List.of(Map.of()));
          int first = 0;
          for (int step = 0; step < 20; step++) {
            int range = 1 + random.nextInt(ROWS);
            int[] rows = random.ints(random.nextInt(200), 0, range).toArray();
            Map<Integer, Integer> next = new HashMap<>(expected.getLast());
            for (int i = 0; i < rows.length; i++) {
              next.put(rows[i], first + i);
            }
            states.add(states.getLast().with(rows, first));
            expected.add(next);
            first += rows.length;
          }
          for (int i = 0; i < states.size(); i++) {
            for (int row = 0; row < ROWS + 5_000; row++) {
              assertThat(states.get(i).get(row)).isEqualTo(expected.get(i).getOrDefault(row, -1));
            }
          }
        });
  }
}
