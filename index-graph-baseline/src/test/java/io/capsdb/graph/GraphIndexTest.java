package io.capsdb.graph;

import io.capsdb.index.IndexFactory;
import io.capsdb.index.VectorIndexContract;
import org.junit.jupiter.api.Nested;

/// With few links and narrow walks, so that few rows make several levels.
class GraphIndexTest extends VectorIndexContract {
  private static final GraphParams SMALL = new GraphParams(4, 16);

  @Override
  protected IndexFactory factory() {
    return new GraphIndexFactory(SMALL, FilterStrategy.AUTO);
  }

  @Nested
  class WithDefaults extends VectorIndexContract {
    @Override
    protected IndexFactory factory() {
      return new GraphIndexFactory();
    }
  }

  @Nested
  class FilteringAfterwards extends VectorIndexContract {
    @Override
    protected IndexFactory factory() {
      return new GraphIndexFactory(SMALL, FilterStrategy.POST);
    }
  }

  @Nested
  class FilteringOnTheWay extends VectorIndexContract {
    @Override
    protected IndexFactory factory() {
      return new GraphIndexFactory(SMALL, FilterStrategy.INLINE);
    }
  }

  @Nested
  class WalkingOverMatches extends VectorIndexContract {
    @Override
    protected IndexFactory factory() {
      return new GraphIndexFactory(SMALL, FilterStrategy.ACORN);
    }
  }

  @Nested
  class WalkingTwoStepsOverMatches extends VectorIndexContract {
    @Override
    protected IndexFactory factory() {
      return new GraphIndexFactory(SMALL, FilterStrategy.ACORN_1);
    }
  }
}
