package io.capsdb.bench.rest;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/// Makes the bodies that are sent: points with a tenant and a price, and queries.
record Bodies(RandomGenerator random) {
  private static final int TENANTS = 100;
  private static final int PRICES = 1_000;

  private void vector(StringBuilder text, int dimension) {
    text.append('[');
    for (int i = 0; i < dimension; i++) {
      text.append(i == 0 ? "" : ",").append((float) random.nextGaussian());
    }
    text.append(']');
  }

  /// An upsert of points.
  ///
  /// @param first their first id
  byte[] points(int first, int count, int dimension) {
    StringBuilder body = new StringBuilder("{\"points\":[");
    for (int id = first; id < first + count; id++) {
      body.append(id == first ? "" : ",");
      point(body, id, dimension);
    }
    return body.append("]}").toString().getBytes(StandardCharsets.US_ASCII);
  }

  private void point(StringBuilder body, int id, int dimension) {
    body.append("{\"id\":").append(id).append(",\"vector\":");
    vector(body, dimension);
    body.append(",\"payload\":{\"tenant\":").append(id % TENANTS);
    body.append(",\"price\":").append(random.nextInt(PRICES)).append("}}");
  }

  /// An upsert of as many points as fit into so many bytes.
  ///
  /// @param isBad whether the last point has one value too many, so that all is parsed and then
  ///     refused
  byte[] large(int bytes, int dimension, boolean isBad) {
    StringBuilder body = new StringBuilder("{\"points\":[");
    StringBuilder point = new StringBuilder();
    for (int id = 0; ; id++) {
      point.setLength(0);
      point(point, id, dimension);
      if (body.length() + 2 * point.length() + 4 > bytes) {
        break;
      }
      body.append(point).append(',');
    }
    point.setLength(0);
    point(point, 0, isBad ? dimension + 1 : dimension);
    return body.append(point).append("]}").toString().getBytes(StandardCharsets.US_ASCII);
  }

  /// The ten nearest to a random vector, among the tenth of the points that are cheap.
  String query(int dimension) {
    StringBuilder text = new StringBuilder("{\"limit\":10,\"query\":");
    vector(text, dimension);
    text.append(",\"filter\":{\"must\":[{\"key\":\"price\",\"range\":{\"lt\":100}}]}}");
    return text.toString();
  }
}
