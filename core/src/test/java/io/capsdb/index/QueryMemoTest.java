package io.capsdb.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class QueryMemoTest {
  private int made;

  private String make(QueryMemo memo, Object key) {
    return memo.get(key, String.class, () -> "value " + made++);
  }

  @Test
  void equalKeysShareWhatWasMadeFirst() {
    QueryMemo memo = new QueryMemo();
    assertThat(make(memo, List.of(1))).isEqualTo("value 0");
    assertThat(make(memo, List.of(1))).isEqualTo("value 0");
    assertThat(make(memo, List.of(2))).isEqualTo("value 1");
    assertThat(make(memo, List.of(1))).isEqualTo("value 0");
    assertThat(made).isEqualTo(2);
  }

  @Test
  void searchesShareNothing() {
    assertThat(make(new QueryMemo(), "key")).isNotEqualTo(make(new QueryMemo(), "key"));
  }
}
