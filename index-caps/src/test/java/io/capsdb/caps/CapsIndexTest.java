package io.capsdb.caps;

import io.capsdb.index.IndexFactory;
import io.capsdb.index.RowOrder;
import io.capsdb.index.VectorIndexContract;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

/// With small partitions, so that few rows make many of them.
class CapsIndexTest extends VectorIndexContract {
  @Override
  protected IndexFactory factory() {
    return new CapsIndexFactory(new CapsParams(32, 8, 64, 4, 1));
  }

  @Nested
  class WithDefaults extends VectorIndexContract {
    @Override
    protected IndexFactory factory() {
      return new CapsIndexFactory();
    }
  }

  @Nested
  class WithoutTrees extends VectorIndexContract {
    @Override
    protected IndexFactory factory() {
      return new CapsIndexFactory(new CapsParams(64, 0, 16, 2, 1));
    }
  }

  @Nested
  class WithTallTrees extends VectorIndexContract {
    @Override
    protected IndexFactory factory() {
      return new CapsIndexFactory(new CapsParams(16, 64, 16, 1, 1));
    }
  }

  @Nested
  class InInputOrder extends VectorIndexContract {
    @Override
    protected IndexFactory factory() {
      return new CapsIndexFactory(new CapsParams(32, 8, 64, 4, 1).withOrder(RowOrder.NONE));
    }
  }

  @Nested
  class ByFrequency extends VectorIndexContract {
    @Override
    protected IndexFactory factory() {
      return new CapsIndexFactory(new CapsParams(32, 8, 64, 4, 1).withOrder(RowOrder.FREQUENCY));
    }
  }

  /// Some tenants have partitions of their own, others lie together, and rows without one are
  /// there.
  @Nested
  class ByTenant extends VectorIndexContract {
    @Override
    protected IndexFactory factory() {
      return new CapsIndexFactory(new CapsParams(64, 8, 64, 4, 1).withTenant(Optional.of("brand")));
    }
  }

  @Nested
  class BySmallTenants extends VectorIndexContract {
    @Override
    protected IndexFactory factory() {
      return new CapsIndexFactory(
          new CapsParams(4_096, 8, 64, 4, 1).withTenant(Optional.of("shop.city")));
    }
  }

  /// What is merged from pieces must be found as if it had been built at once.
  @Nested
  class Merged extends VectorIndexContract {
    @Override
    protected IndexFactory factory() {
      return new MergingFactory(
          new CapsIndexFactory(new CapsParams(16, 8, 64, 4, 1)), List.of(4, 1, 2, 1, 1));
    }
  }
}
