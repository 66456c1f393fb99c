package io.capsdb.graph;

/// Build settings of Filtered-Vamana and Stitched-Vamana.
///
/// @param connections most links of a row, or of a row in the graph of one label (*R*,
///     *R_small*), 2 to 256
/// @param beamWidth candidates that are kept while the links of a row are looked for (*L*), at
///     least `connections`
/// @param stretch how many times nearer to a neighbour than to the row a candidate must be to be
///     left out (*α*), at least 1
/// @param stitched most links of a row once the graphs of all its labels are one (*R_stitched*), at
///     least `connections`
public record VamanaParams(int connections, int beamWidth, double stretch, int stitched) {
  public static final VamanaParams DEFAULT = new VamanaParams(32, 100, 1.2, 64);

  public VamanaParams {
    if (connections < 2 || connections > 256) {
      throw new IllegalArgumentException("connections must be in 2..256, was " + connections);
    }
    if (beamWidth < connections || beamWidth > 10_000) {
      throw new IllegalArgumentException(
          "beamWidth must be in " + connections + "..10000, was " + beamWidth);
    }
    if (!(stretch >= 1 && stretch <= 10)) {
      throw new IllegalArgumentException("stretch must be in 1..10, was " + stretch);
    }
    if (stitched < connections || stitched > 1_024) {
      throw new IllegalArgumentException(
          "stitched must be in " + connections + "..1024, was " + stitched);
    }
  }
}
