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
      long offset,
      long rowBytes,
      int count,
      float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = rowOf(metric, query, rows, offset + i * rowBytes);
    }
  }

  @Override
  public void gather(
      Metric metric,
      float[] query,
      MemorySegment rows,
      long rowBytes,
      int[] ordinals,
      int count,
      float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = rowOf(metric, query, rows, ordinals[i] * rowBytes);
    }
  }

  private static float rowOf(Metric metric, float[] query, MemorySegment rows, long offset) {
    float sum = 0;
    switch (metric) {
      case COSINE, EUCLID -> {
        for (int i = 0; i < query.length; i++) {
          float d = query[i] - rows.get(Floats.LITTLE_ENDIAN, offset + 4L * i);
          sum = Math.fma(d, d, sum);
        }
      }
      case DOT -> {
        for (int i = 0; i < query.length; i++) {
          sum = Math.fma(query[i], rows.get(Floats.LITTLE_ENDIAN, offset + 4L * i), sum);
        }
        sum = -sum;
      }
      case MANHATTAN -> {
        for (int i = 0; i < query.length; i++) {
          sum += Math.abs(query[i] - rows.get(Floats.LITTLE_ENDIAN, offset + 4L * i));
        }
      }
    }
    return sum;
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
