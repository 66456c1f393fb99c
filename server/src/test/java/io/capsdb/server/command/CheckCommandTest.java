package io.capsdb.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.CollectionConfig;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.Point;
import io.capsdb.vector.Metric;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CheckCommandTest {
  private TestMachine machine;

  @BeforeEach
  void fill() throws IOException {
    machine = new TestMachine();
    DatabaseOptions options = DatabaseOptions.defaults().withDisk(machine.disk);
    try (Database database = Database.open(TestMachine.FOLDER.resolve("data"), options)) {
      database
          .createCollection("films", CollectionConfig.of(2, Metric.EUCLID))
          .upsert(List.of(Point.of(1, new float[] {1, 2}, Map.of())));
      database.collection("films").seal();
    }
  }

  @Test
  void aSoundFolderEndsWithStatusZero() {
    assertThat(machine.run("check", TestMachine.path("data"))).as(machine.err()).isZero();
    assertThat(machine.out())
        .contains("1 collections, 1 segments with 1 live points", "all is well");
  }

  @Test
  void damageIsNamedAndEndsWithStatusOne() throws IOException {
    machine.disk.delete(
        TestMachine.FOLDER.resolve("data/collection-000000/segment-000000000001.caps"));
    assertThat(machine.run("check", TestMachine.path("data"))).isEqualTo(1);
    assertThat(machine.out())
        .contains("collection-000000/segment-000000000001.caps: the file is missing", "1 damage");
  }

  @Test
  void aFolderWithoutADatabaseIsNamed() {
    assertThat(machine.run("check", TestMachine.path("nothing"))).isEqualTo(1);
    assertThat(machine.err()).contains("nothing").doesNotContain("Exception");
  }
}
