package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.point.Payload;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LocatedChangesTest {
  /// Segments may be sealed or merged between the look-up and the moment at which the write shows.
  @Test
  void rowsHoldForTheirWriteAndTheirSetAlone() {
    SegmentSet set = new SegmentSet(1, List.of());
    LocatedChanges changes = new LocatedChanges(set, 2);
    assertThat(changes.isOf(2, set)).isTrue();
    assertThat(changes.isOf(3, set)).isFalse();
    assertThat(changes.isOf(2, new SegmentSet(1, List.of()))).isFalse();
  }

  static List<PayloadChange> whole() {
    return List.of(
        new PayloadChange.Overwrite(Payload.of(Map.of("a", 1L))), new PayloadChange.Clear());
  }

  static List<PayloadChange> ofOld() {
    return List.of(
        new PayloadChange.Merge(Payload.of(Map.of("a", 1L))),
        new PayloadChange.MergeAt("a", Payload.of(Map.of("b", 1L))),
        new PayloadChange.Remove(List.of("a")));
  }

  @ParameterizedTest
  @MethodSource("whole")
  void payloadThatIsReplacedIsNotRead(PayloadChange change) {
    assertThat(NewPayload.of(change).isOfOld()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("ofOld")
  void payloadThatIsChangedInPartIsRead(PayloadChange change) {
    assertThat(NewPayload.of(change).isOfOld()).isTrue();
  }
}
