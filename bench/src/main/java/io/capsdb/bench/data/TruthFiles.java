package io.capsdb.bench.data;

import io.capsdb.formats.FileOutput;
import io.capsdb.io.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Keeps the exact answers of a data set beside it, as `WORKLOAD.truth-K.fvecs`: for each query the
/// distances of its best matches.
public final class TruthFiles {
  static final String INFIX = ".truth-";

  private final Disk disk;
  private final Path folder;

  public TruthFiles(Disk disk, Path folder) {
    this.disk = disk;
    this.folder = folder;
  }

  /// Reads the truth of a workload, and computes and writes it first where it is missing.
  public Truth get(DataSet set, String workload, int k) throws IOException {
    Path file = folder.resolve(workload + INFIX + k + ".fvecs");
    if (disk.exists(file)) {
      List<float[]> rows = VecsFiles.readFloats(disk, file);
      if (rows.size() == set.queries().length) {
        return Truth.of(rows);
      }
    }
    Truth truth = Truth.compute(set, set.ranges(workload), k);
    try (FileOutput out = FileOutput.create(disk, file)) {
      for (float[] distances : truth.distances()) {
        VecsFiles.write(out, distances);
      }
      out.commit();
    }
    return truth;
  }
}
