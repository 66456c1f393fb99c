package io.capsdb.graph;

/// Build settings of an HNSW graph.
///
/// @param connections links that a new row gets on each level (*M* in the paper), 2 to 256; a row
///     has at most as many on upper levels, and twice as many on the lowest
/// @param beamWidth candidates that are kept while the links of a row are looked for
///     (*efConstruction*), at least `connections`, at most 10,000
public record GraphParams(int connections, int beamWidth) {
  public static final GraphParams DEFAULT = new GraphParams(16, 100);

  private static final int MAX_CONNECTIONS = 256;
  private static final int MAX_BEAM_WIDTH = 10_000;

  public GraphParams {
    if (connections < 2 || connections > MAX_CONNECTIONS) {
      throw new IllegalArgumentException(
          "connections must be in 2.." + MAX_CONNECTIONS + ", was " + connections);
    }
    if (beamWidth < connections || beamWidth > MAX_BEAM_WIDTH) {
      throw new IllegalArgumentException(
          "beamWidth must be in " + connections + ".." + MAX_BEAM_WIDTH + ", was " + beamWidth);
    }
  }

  /// Most links of a row on a level.
  int most(int level) {
    return level == 0 ? 2 * connections : connections;
  }
}
