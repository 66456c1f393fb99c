package io.capsdb.point;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.filter.Filter;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdHashTest {
  /// Clients keep to their slices: these never change.
  @Test
  void hashesAreTheSameForEver() {
    assertThat(IdHash.of(PointId.of(0))).isZero();
    assertThat(IdHash.of(PointId.of(1))).isEqualTo(0x5692161d100b05e5L);
    assertThat(IdHash.of(PointId.of(2))).isEqualTo(0xdbd238973a2b148aL);
    assertThat(IdHash.of(PointId.of(-1))).isEqualTo(0xb4d055fcf2cbbd7bL);
    UUID uuid = UUID.fromString("5c56c793-69f3-4fbf-87e6-c4bf54c28c26");
    assertThat(IdHash.of(PointId.of(uuid))).isEqualTo(0xaf40fb3d679d147fL);
  }

  @Test
  void slicesOfConsecutiveIdsAreDisjointAndNearlyEqual() {
    int[] counts = new int[8];
    for (long id = 0; id < 80_000; id++) {
      int slices = 0;
      for (int index = 0; index < counts.length; index++) {
        if (new Filter.Slice(counts.length, index).contains(PointId.of(id))) {
          counts[index]++;
          slices++;
        }
      }
      assertThat(slices).isOne();
    }
    // Ten thousand each; three deviations of a fair draw are about 300.
    for (int count : counts) {
      assertThat(count).isBetween(9_700, 10_300);
    }
  }

  @Test
  void hashesAreReadAsUnsigned() {
    // The hash of 2 has its highest bit set.
    assertThat(new Filter.Slice(10, 0L).contains(PointId.of(2))).isTrue();
  }

  @Test
  void sliceThatThereIsNotIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Filter.Slice(0, 0))
        .withMessage("total must be in 1..4294967295, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Filter.Slice(3, 3))
        .withMessage("index must be in 0..2 with total 3, was 3");
  }
}
