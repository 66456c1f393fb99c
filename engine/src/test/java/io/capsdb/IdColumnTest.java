package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.point.PointId;
import io.capsdb.testdata.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdColumnTest {
  @Test
  void idsAreThoseThatWereAdded() {
    Seed.repeat(
        50,
        random -> {
          int uuidsInTen = random.nextInt(3) * 5;
          List<PointId> ids = new ArrayList<>();
          for (int i = random.nextInt(200); i > 0; i--) {
            ids.add(
                random.nextInt(10) < uuidsInTen
                    ? PointId.of(new UUID(random.nextLong(), random.nextLong()))
                    : PointId.of(random.nextLong() >> random.nextInt(64)));
          }
          IdColumn column = IdColumn.of(ids.toArray(PointId[]::new));
          assertThat(column.size()).isEqualTo(ids.size());
          for (int row = 0; row < ids.size(); row++) {
            assertThat(column.get(row)).isEqualTo(ids.get(row));
          }
        });
  }

  @Test
  void aRowWithoutAnIdIsRefused() {
    IdColumn.Builder builder = new IdColumn.Builder(2);
    builder.add(PointId.of(1));
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(builder::build)
        .withMessage("1 ids for 2 rows");
  }
}
