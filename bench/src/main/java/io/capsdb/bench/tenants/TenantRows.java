package io.capsdb.bench.tenants;

import io.capsdb.bench.prepare.Zipf;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Tenants drawn over the rows of a data set, whatever these are: ten thousand, of Zipf-like sizes.
///
/// @param tenantOf the tenant of each row
/// @param rowsOf the rows of each tenant, ascending: what sorted lists hold
@SuppressWarnings("ArrayRecordComponent") // made once, read by the table alone
record TenantRows(int[] tenantOf, int[][] rowsOf) {
  static final int COUNT = 10_000;

  /// Prime to the number of tenants, so that names tell nothing of sizes.
  private static final int STEP = 7_919;

  static TenantRows draw(int rowCount) {
    SplittableRandom random = new SplittableRandom(5);
    Zipf zipf = new Zipf(COUNT, 1);
    int[] tenantOf = new int[rowCount];
    Arrays.setAll(tenantOf, _ -> (int) ((long) zipf.draw(random) * STEP % COUNT));
    int[] sizes = new int[COUNT];
    for (int tenant : tenantOf) {
      sizes[tenant]++;
    }
    int[][] rowsOf = new int[COUNT][];
    Arrays.setAll(rowsOf, tenant -> new int[sizes[tenant]]);
    for (int row = rowCount - 1; row >= 0; row--) {
      rowsOf[tenantOf[row]][--sizes[tenantOf[row]]] = row;
    }
    return new TenantRows(tenantOf, rowsOf);
  }

  static String name(int tenant) {
    return String.format(Locale.ROOT, "tenant-%05d", tenant);
  }

  /// The tenants that have from `least` to `most` rows.
  int[] ofSize(int least, int most) {
    return IntStream.range(0, COUNT)
        .filter(tenant -> rowsOf[tenant].length >= least && rowsOf[tenant].length <= most)
        .toArray();
  }
}
