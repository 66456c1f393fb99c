package io.capsdb.caps;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.attribute.SlotFacts.Fact;
import io.capsdb.caps.code.Quantizer;
import io.capsdb.caps.code.RowCodes;
import io.capsdb.filter.Filter;
import io.capsdb.index.Heritage;
import io.capsdb.index.IndexFactory;
import io.capsdb.index.RowOrder;
import io.capsdb.io.PartWriter;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import java.util.random.RandomGenerator;

/// Builds a CAPS index: partitions, then the order of the rows inside each.
final class CapsBuilder {
  private CapsBuilder() {}

  /// @param order the input row at each ordinal
  /// @param imbalance see [Partitioner.Partitions#imbalance]
  @SuppressWarnings("ArrayRecordComponent") // handed from builder to writer once
  record Built(int[] order, CapsLayout layout, Optional<Quantizer.Encoded> codes, double imbalance)
      implements IndexFactory.BuiltIndex {
    @Override
    public void write(PartWriter out) throws IOException {
      CapsCodec.write(layout, out);
      if (codes.isPresent()) {
        codes.get().write(out);
      }
    }
  }

  static Built build(
      Metric metric,
      VectorMatrix rows,
      AttributeIndex attributes,
      List<Filter> observed,
      Heritage heritage,
      CapsParams params,
      RandomGenerator random,
      DoubleConsumer progress) {
    if (attributes.size() != rows.rowCount()) {
      throw new IllegalArgumentException(
          "attributes of " + attributes.size() + " rows for " + rows.rowCount() + " vectors");
    }
    PartitionSpace space = PartitionSpace.of(metric, rows);
    Partitioner.Partitions partitions;
    Reach reach;
    Optional<TenantPartitioner> byTenant;
    Tenants tenants = Tenants.NONE;
    try (Arena arena = Arena.ofShared()) {
      VectorMatrix completed = space.complete(rows, arena);
      DoubleConsumer ofPartitions = share -> progress.accept(0.8 * share);
      byTenant = TenantPartitioner.of(space, attributes, params, random, ofPartitions);
      Optional<PartitionMerger> merger =
          byTenant.isPresent()
              ? Optional.empty()
              : PartitionMerger.of(space, completed, heritage, params, random, ofPartitions);
      if (byTenant.isPresent()) {
        TenantPartitioner.Laid laid = byTenant.get().lay(completed);
        partitions = laid.partitions();
        tenants = laid.tenants();
      } else {
        partitions =
            merger.isPresent()
                ? merger.get().merge()
                : new Partitioner(space.spaceMetric(), completed, params, random, ofPartitions)
                    .partition();
      }
      reach = new ReachMeasurement(space, completed, partitions).measure();
    }
    progress.accept(0.9);
    Optional<PartitionOrder> packed = byTenant.map(TenantPartitioner::order);
    Built built = layOut(space, partitions, reach, tenants, packed, attributes, observed, params);
    Optional<Quantizer> quantizer = params.codes().quantizer(space);
    if (rows.rowCount() == 0 || quantizer.isEmpty()) {
      progress.accept(1);
      return built;
    }
    int[] order = built.order();
    Quantizer.Encoded codes =
        quantizer
            .get()
            .encode(
                built.layout().partitionStart(),
                partitions.centroids(),
                ordinal -> space.complete(rows.row(order[ordinal])),
                like(heritage));
    progress.accept(1);
    return new Built(order, built.layout(), Optional.of(codes), built.imbalance());
  }

  private static Optional<RowCodes> like(Heritage heritage) {
    return heritage
        .largest()
        .flatMap(index -> index instanceof CapsIndex caps ? caps.codes() : Optional.empty());
  }

  /// @param packed order of the rows in partitions of small tenants
  private static Built layOut(
      PartitionSpace space,
      Partitioner.Partitions partitions,
      Reach reach,
      Tenants tenants,
      Optional<PartitionOrder> packed,
      AttributeIndex attributes,
      List<Filter> observed,
      CapsParams params) {
    AttributeFrequencyTree tree = new AttributeFrequencyTree(attributes, params.height());
    int count = partitions.centroids().length;
    int rowCount = attributes.size();
    int[][] members = members(partitions);
    PartitionOrder rowOrder = rowOrder(params.order(), tree, attributes, observed, members);
    int[] order = new int[rowCount];
    int[] partitionStart = new int[count + 1];
    int[] listStart = new int[count + 1];
    List<Integer> list = new ArrayList<>();
    List<Integer> slotStart = new ArrayList<>();
    Map<Integer, Integer> factNumbers = new HashMap<>();
    List<Fact> facts = new ArrayList<>();
    for (int partition = 0; partition < count; partition++) {
      int from = partitionStart[partition];
      PartitionOrder own = partition < tenants.packedFrom() ? rowOrder : packed.orElse(rowOrder);
      PartitionOrder.Ordered ordered = own.order(members[partition]);
      System.arraycopy(ordered.rows(), 0, order, from, ordered.rows().length);
      slotStart.add(from);
      for (int end : ordered.slotEnd()) {
        slotStart.add(from + end);
      }
      for (int token : ordered.tokens()) {
        list.add(
            factNumbers.computeIfAbsent(
                token,
                t -> {
                  facts.add(tree.facts().get(t));
                  return facts.size() - 1;
                }));
      }
      partitionStart[partition + 1] = from + ordered.rows().length;
      listStart[partition + 1] = list.size();
    }
    slotStart.add(rowCount);
    CapsLayout layout =
        new CapsLayout(
            space,
            flat(partitions.centroids(), space.width()),
            partitionStart,
            listStart,
            list.stream().mapToInt(i -> i).toArray(),
            slotStart.stream().mapToInt(i -> i).toArray(),
            List.copyOf(facts),
            reach,
            tenants);
    return new Built(order, layout, Optional.empty(), partitions.imbalance());
  }

  private static PartitionOrder rowOrder(
      RowOrder order,
      AttributeFrequencyTree tree,
      AttributeIndex attributes,
      List<Filter> observed,
      int[][] members) {
    FrequencyOrder byFrequency = new FrequencyOrder(tree);
    return switch (order) {
      case NONE -> new InputOrder();
      case FREQUENCY -> byFrequency;
      case GAIN ->
          observed.isEmpty()
              ? byFrequency
              : new LeadChoice(attributes.withColumns(), observed, members)
                  .choose(byFrequency)
                  .orElse(byFrequency);
    };
  }

  private static int[][] members(Partitioner.Partitions partitions) {
    int[] sizes = partitions.sizes();
    int[][] members = new int[sizes.length][];
    for (int i = 0; i < sizes.length; i++) {
      members[i] = new int[sizes[i]];
    }
    int[] next = new int[sizes.length];
    int[] partitionOf = partitions.partitionOf();
    for (int row = 0; row < partitionOf.length; row++) {
      members[partitionOf[row]][next[partitionOf[row]]++] = row;
    }
    return members;
  }

  private static float[] flat(float[][] centroids, int width) {
    float[] flat = new float[centroids.length * width];
    for (int i = 0; i < centroids.length; i++) {
      System.arraycopy(centroids[i], 0, flat, i * width, width);
    }
    return flat;
  }
}
