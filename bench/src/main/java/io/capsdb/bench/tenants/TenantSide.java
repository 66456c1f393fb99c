package io.capsdb.bench.tenants;

import io.capsdb.Collection;
import io.capsdb.CollectionConfig;
import io.capsdb.CollectionSettings;
import io.capsdb.Database;
import io.capsdb.DatabaseOptions;
import io.capsdb.FieldIndex;
import io.capsdb.Point;
import io.capsdb.bench.data.DataSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A data set with tenants as a collection of one sealed segment.
record TenantSide(Database database, Collection collection) implements AutoCloseable {
  static final String TENANT = "owner";

  private static final String NAME = "bench";
  private static final int BATCH = 1_000;
  private static final int NEVER = Integer.MAX_VALUE;

  /// Loads, seals, and opens again.
  ///
  /// @param isTenant whether the field of the tenants is declared as such; else as a keyword
  static TenantSide load(DataSet set, TenantRows tenants, boolean isTenant, Path folder) {
    CollectionSettings settings =
        CollectionSettings.NONE.withField(
            TENANT, new FieldIndex(FieldIndex.Type.KEYWORD, isTenant, ""));
    try (Database database = Database.open(folder, options())) {
      Collection collection =
          database.createCollection(
              NAME, CollectionConfig.of(set.dimension(), set.metric()), settings);
      for (int from = 0; from < set.rowCount(); from += BATCH) {
        List<Point> batch = new ArrayList<>();
        for (int row = from; row < Math.min(from + BATCH, set.rowCount()); row++) {
          Map<String, @Nullable Object> payload = new LinkedHashMap<>();
          payload.put(TENANT, TenantRows.name(tenants.tenantOf()[row]));
          for (int attribute = 0; attribute < set.attributes().size(); attribute++) {
            payload.put(set.attributes().get(attribute), set.columns()[attribute][row]);
          }
          batch.add(Point.of(row, set.rows().row(row), payload));
        }
        collection.upsert(batch);
      }
      collection.seal();
    }
    Database opened = Database.open(folder, options());
    return new TenantSide(opened, opened.collection(NAME));
  }

  private static DatabaseOptions options() {
    return DatabaseOptions.defaults()
        .withLog(false)
        .withSealRows(NEVER)
        .withSealBytes(Long.MAX_VALUE)
        .withIdleMillis(NEVER)
        .withMeasuredCosts(false);
  }

  @Override
  public void close() {
    database.close();
  }
}
