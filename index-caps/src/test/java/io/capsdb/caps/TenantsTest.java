package io.capsdb.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.capsdb.attribute.OrdinalRange;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.CorruptFileException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TenantsTest {
  private static final Reach REACH =
      new Reach(new float[] {1}, new float[Reach.LOST.length], new float[] {9});
  private static final Tenants.Region FIRST = new Tenants.Region(0, 2, REACH);
  private static final Tenants.Region SECOND = new Tenants.Region(2, 3, Reach.UNKNOWN);
  private static final Tenants TENANTS = new Tenants(List.of(FIRST, SECOND), 3);

  /// Two partitions of ten rows, one of twenty, and two of five rows for small tenants.
  private static final PartitionFinder FINDER =
      new PartitionFinder(new int[] {0, 10, 20, 40, 45, 50});

  private static Tenants reread(Tenants tenants, int partitionCount) {
    CheckedWriter out = new CheckedWriter();
    tenants.write(out);
    return Tenants.read(
        new CheckedReader("tenants", 0, MemorySegment.ofArray(out.toByteArray())), partitionCount);
  }

  private static Optional<Tenants.Region> scope(int from, int to) {
    return TENANTS.scope(new OrdinalRange(from, to), FINDER);
  }

  @Test
  void rowsOfOneTenantAreLookedForInItsPartitions() {
    assertThat(scope(0, 20)).contains(FIRST);
    assertThat(scope(3, 4)).contains(FIRST);
    assertThat(scope(20, 40)).contains(SECOND);
    assertThat(scope(41, 44)).contains(new Tenants.Region(3, 4, Reach.UNKNOWN));
    assertThat(scope(41, 50)).contains(new Tenants.Region(3, 5, Reach.UNKNOWN));
    assertThat(scope(7, 7)).contains(new Tenants.Region(0, 0, Reach.UNKNOWN));
  }

  @Test
  void rowsOfSeveralTenantsAreLookedForEverywhere() {
    assertThat(scope(0, 21)).isEmpty();
    assertThat(scope(30, 41)).isEmpty();
    assertThat(scope(0, Integer.MAX_VALUE)).isEmpty();
    assertThat(Tenants.NONE.scope(new OrdinalRange(0, 20), FINDER)).isEmpty();
  }

  @Test
  void whatWasWrittenIsRead() {
    Tenants read = reread(TENANTS, 5);
    assertThat(read.packedFrom()).isEqualTo(3);
    assertThat(read.regions()).hasSize(2);
    assertThat(read.regions().getFirst().end()).isEqualTo(2);
    assertThat(read.regions().getFirst().reach().isKnown()).isTrue();
    assertThat(read.regions().getLast().first()).isEqualTo(2);
    assertThat(read.regions().getLast().reach().isKnown()).isFalse();
    assertThat(reread(new Tenants(List.of(), 0), 2).isNone()).isFalse();
  }

  @Test
  void regionsThatDoNotFitAreRefused() {
    for (Tenants wrong :
        List.of(
            new Tenants(List.of(FIRST), 1),
            new Tenants(List.of(SECOND), 3),
            new Tenants(List.of(FIRST, FIRST), 2),
            new Tenants(List.of(FIRST, new Tenants.Region(2, 6, REACH)), 6))) {
      assertThatExceptionOfType(CorruptFileException.class).isThrownBy(() -> reread(wrong, 5));
    }
  }
}
