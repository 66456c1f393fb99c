package io.capsdb.caps;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.vector.VectorMatrix;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.DoubleConsumer;
import java.util.random.RandomGenerator;

/// Cuts rows into partitions tenant by tenant: a tenant of at least a partition's rows gets
/// partitions of its own, found by k-means among its rows; smaller ones are put together, several
/// to a partition, in the order of their names, and none is cut.
///
/// Rows without a tenant are a tenant too. Nothing of older indexes is used: k-means inside tenants
/// compares a row with few centroids.
final class TenantPartitioner {
  private final PartitionSpace space;
  private final CapsParams params;
  private final RandomGenerator random;
  private final DoubleConsumer progress;

  /// The code of the tenant of each row; 0 for none.
  private final int[] codes;

  /// @param partitions those of large tenants first
  record Laid(Partitioner.Partitions partitions, Tenants tenants) {}

  private TenantPartitioner(
      PartitionSpace space,
      CapsParams params,
      int[] codes,
      RandomGenerator random,
      DoubleConsumer progress) {
    this.space = space;
    this.params = params;
    this.codes = codes;
    this.random = random;
    this.progress = progress;
  }

  /// Empty where rows have no tenants, all the same one, or some of them several.
  static Optional<TenantPartitioner> of(
      PartitionSpace space,
      AttributeIndex attributes,
      CapsParams params,
      RandomGenerator random,
      DoubleConsumer progress) {
    return params
        .tenant()
        .flatMap(path -> attributes.withColumns().keywordCodes(path))
        .filter(codes -> Arrays.stream(codes).anyMatch(code -> code != codes[0]))
        .map(codes -> new TenantPartitioner(space, params, codes, random, progress));
  }

  /// In which the rows of a partition of small tenants stand.
  PartitionOrder order() {
    return new LeadOrder(List.of(codes));
  }

  /// @param rows in the space
  /// @throws CancellationException if the thread is interrupted
  Laid lay(VectorMatrix rows) {
    int[][] members = PartitionBalance.members(codes, Arrays.stream(codes).max().orElse(0) + 1);
    List<float[]> centroids = new ArrayList<>();
    int[] partitionOf = new int[codes.length];
    List<Tenants.Region> regions = new ArrayList<>();
    int done = 0;
    if (Thread.interrupted()) {
      throw new CancellationException("the build was interrupted");
    }
    for (int[] own : members) {
      if (own.length >= params.rowsPerPartition()) {
        regions.add(layLarge(rows, own, centroids, partitionOf));
        done += own.length;
        progress.accept((double) done / codes.length);
      }
    }
    int packedFrom = centroids.size();
    pack(rows, members, centroids, partitionOf);
    progress.accept(1);
    return new Laid(
        new Partitioner.Partitions(centroids.toArray(float[][]::new), partitionOf),
        new Tenants(regions, packedFrom));
  }

  private Tenants.Region layLarge(
      VectorMatrix rows, int[] own, List<float[]> centroids, int[] partitionOf) {
    int first = centroids.size();
    try (Arena arena = Arena.ofShared()) {
      VectorMatrix together = rows.gather(own, arena);
      Partitioner.Partitions found =
          new Partitioner(space.spaceMetric(), together, params, random, _ -> {}).partition();
      for (int i = 0; i < own.length; i++) {
        partitionOf[own[i]] = first + found.partitionOf()[i];
      }
      centroids.addAll(Arrays.asList(found.centroids()));
      Reach reach = new ReachMeasurement(space, together, found).measure();
      return new Tenants.Region(first, centroids.size(), reach);
    }
  }

  /// Puts small tenants together, as many as a partition holds.
  private void pack(
      VectorMatrix rows, int[][] members, List<float[]> centroids, int[] partitionOf) {
    double[] sum = new double[rows.dimension()];
    float[] row = new float[rows.dimension()];
    int count = 0;
    for (int[] own : members) {
      if (own.length == 0 || own.length >= params.rowsPerPartition()) {
        continue;
      }
      if (count > 0 && count + own.length > params.rowsPerPartition()) {
        centroids.add(mean(sum, count));
        Arrays.fill(sum, 0);
        count = 0;
      }
      for (int member : own) {
        partitionOf[member] = centroids.size();
        rows.copyRow(member, row);
        for (int i = 0; i < sum.length; i++) {
          sum[i] += row[i];
        }
      }
      count += own.length;
    }
    if (count > 0) {
      centroids.add(mean(sum, count));
    }
  }

  private static float[] mean(double[] sum, int count) {
    float[] mean = new float[sum.length];
    for (int i = 0; i < sum.length; i++) {
      mean[i] = (float) (sum[i] / count);
    }
    return mean;
  }
}
