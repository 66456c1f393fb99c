package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.vector.Metric;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The library without the module of the graph: it stands on no class path of this module.
class WithoutGraphTest {
  @Test
  void collectionsWithAGraphAreRefusedAndTheReasonIsNamed() {
    assertThat(IndexKinds.find(IndexKinds.GRAPH)).isEmpty();
    try (Database database = Database.inMemory()) {
      CollectionConfig config = CollectionConfig.of(2, Metric.EUCLID).withGraph(true);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> database.createCollection("c", config))
          .withMessage(
              "there is no index of kind 'graph' on the class path, there are [caps, exact]");
      assertThat(database.collectionNames()).isEmpty();
    }
  }

  @Test
  void aSearchOfAGraphThatIsNotThereIsRefused() {
    try (Database database = Database.inMemory()) {
      Collection collection = database.createCollection("c", CollectionConfig.of(2, Metric.EUCLID));
      collection.upsert(List.of(Point.of(1, new float[] {1, 2}, Map.of())));
      SearchRequest request = SearchRequest.nearest(new float[] {1, 1});
      assertThat(collection.search(request).hits()).hasSize(1);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> collection.search(request.plan(PlanChoice.GRAPH)))
          .withMessage(
              "the collection has no graph; one that is created with graph_baseline on has");
    }
  }
}
