package io.capsdb.caps;

import io.capsdb.attribute.AttributeIndex;
import io.capsdb.caps.code.Quantizer;
import io.capsdb.caps.code.RowCodes;
import io.capsdb.filter.Filter;
import io.capsdb.index.Heritage;
import io.capsdb.index.IndexFactory;
import io.capsdb.index.VectorIndex;
import io.capsdb.io.PartReader;
import io.capsdb.vector.Metric;
import io.capsdb.vector.VectorMatrix;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import java.util.random.RandomGenerator;

/// Builds and opens CAPS indexes.
public final class CapsIndexFactory implements IndexFactory {
  private final CapsParams params;

  public CapsIndexFactory() {
    this(CapsParams.DEFAULT);
  }

  public CapsIndexFactory(CapsParams params) {
    this.params = params;
  }

  @Override
  public String kind() {
    return "caps";
  }

  @Override
  public BuiltIndex build(
      Metric metric,
      VectorMatrix rows,
      AttributeIndex attributes,
      List<Filter> observed,
      RandomGenerator random,
      DoubleConsumer progress) {
    return build(metric, rows, attributes, observed, Heritage.NONE, random, progress);
  }

  @Override
  public BuiltIndex build(
      Metric metric,
      VectorMatrix rows,
      AttributeIndex attributes,
      List<Filter> observed,
      Heritage heritage,
      RandomGenerator random,
      DoubleConsumer progress) {
    return CapsBuilder.build(
        metric, rows, attributes, observed, heritage, params, random, progress);
  }

  @Override
  public VectorIndex open(
      Metric metric, PartReader parts, VectorMatrix vectors, AttributeIndex attributes) {
    CapsLayout layout = CapsCodec.read(metric, parts, vectors);
    Optional<RowCodes> codes =
        Quantizer.read(parts, layout.partitionStart(), layout.centroidRows());
    return new CapsIndex(metric, vectors, attributes, layout, codes);
  }
}
