package io.capsdb.vector;

import java.lang.foreign.MemorySegment;

/// The plain loops: what each kernel means. Needs no JVM flag.
final class ScalarKernels implements KernelLoops {
  @Override
  public String name() {
    return "plain";
  }

  @Override
  public float squaredL2(float[] a, float[] b) {
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      float d = a[i] - b[i];
      sum = Math.fma(d, d, sum);
    }
    return sum;
  }

  @Override
  public float dot(float[] a, float[] b) {
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum = Math.fma(a[i], b[i], sum);
    }
    return sum;
  }

  @Override
  public float manhattan(float[] a, float[] b) {
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum;
  }

  @Override
  public void block(
      Metric metric,
      float[] query,
      MemorySegment rows,
      ElementType type,
      long offset,
      long rowBytes,
      int count,
      float[] out) {
    float[] row = new float[query.length];
    for (int i = 0; i < count; i++) {
      out[i] = rowOf(metric, query, rows, type, offset + i * rowBytes, row);
    }
  }

  @Override
  public void gather(
      Metric metric,
      float[] query,
      MemorySegment rows,
      ElementType type,
      long rowBytes,
      int[] ordinals,
      int count,
      float[] out) {
    float[] row = new float[query.length];
    for (int i = 0; i < count; i++) {
      out[i] = rowOf(metric, query, rows, type, ordinals[i] * rowBytes, row);
    }
  }

  private float rowOf(
      Metric metric,
      float[] query,
      MemorySegment rows,
      ElementType type,
      long offset,
      float[] row) {
    type.read(rows, offset, row, row.length);
    return switch (metric) {
      case COSINE, EUCLID -> squaredL2(query, row);
      case DOT -> -dot(query, row);
      case MANHATTAN -> manhattan(query, row);
    };
  }

  @Override
  public void columns(Metric metric, float[] query, float[] columns, int stride, float[] out) {
    java.util.Arrays.fill(out, 0, stride, 0);
    for (int j = 0; j < query.length; j++) {
      for (int i = 0; i < stride; i++) {
        float value = columns[j * stride + i];
        float d = query[j] - value;
        out[i] =
            switch (metric) {
              case COSINE, EUCLID -> Math.fma(d, d, out[i]);
              case DOT -> Math.fma(-query[j], value, out[i]);
              case MANHATTAN -> out[i] + Math.abs(d);
            };
      }
    }
  }
}
