package io.capsdb.bench.cliff;

import io.capsdb.SearchRequest;
import io.capsdb.bench.data.DataSet;
import io.capsdb.bench.data.DataSetFiles;
import io.capsdb.bench.data.Truth;
import io.capsdb.bench.segment.OneSegment;
import io.capsdb.formats.FileOutput;
import io.capsdb.index.RowOrder;
import io.capsdb.io.Disk;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Measures the grid, prints tables and verdicts, writes them with charts where a folder is named.
/// The status is 1 if a check is missed.
///
/// Usage: `bench/run cliff FOLDER [--k K,K,...] [--queries N] [--report FOLDER]`; the launcher adds
/// an empty folder for the database.
public final class CliffCommand {
  private CliffCommand() {}

  public static void main(String[] args) throws IOException {
    CliffOptions options = CliffOptions.parse(List.of(args));
    if (!run(options)) {
      System.exit(1);
    }
  }

  private static boolean run(CliffOptions options) throws IOException {
    Disk disk = Disk.local();
    try (Arena arena = Arena.ofShared()) {
      DataSet base = new DataSetFiles(disk, options.data()).read(arena);
      System.err.println("cliff: makes the filters");
      DataSet set = CliffSet.of(base, options.queries());
      Map<String, Truth> truths = truths(set, options.hits());
      System.err.println("cliff: loads");
      try (OneSegment segment =
          OneSegment.load(set, List.of(0, 1), options.files(), RowOrder.GAIN, List.of())
              .reopen(disk, options.files())) {
        System.err.println("cliff: " + segment.database().costs());
        return measure(options, disk, set, new CliffRun(set, truths, segment.collection()));
      }
    }
  }

  private static Map<String, Truth> truths(DataSet set, List<Integer> hits) {
    int most = hits.stream().max(Integer::compare).orElseThrow();
    Map<String, Truth> truths = new HashMap<>();
    set.workloads().forEach((name, ranges) -> truths.put(name, Truth.compute(set, ranges, most)));
    return truths;
  }

  private static boolean measure(CliffOptions options, Disk disk, DataSet set, CliffRun run)
      throws IOException {
    CliffPage page = new CliffPage(set, SearchRequest.DEFAULT_RECALL);
    StringBuilder text = new StringBuilder(page.heading());
    System.out.print(page.heading());
    List<CliffPage.Verdict> verdicts = new ArrayList<>();
    for (int k : options.hits()) {
      System.err.println("cliff: measures k = " + k);
      List<CliffPoint> points = run.points(k);
      String table = page.table(points);
      System.out.print(table);
      text.append(table);
      verdicts.addAll(page.verdicts(points));
      if (options.report().isPresent()) {
        String chart = set.name() + "-cliff-k" + k + ".svg";
        write(disk, options.report().get(), chart, page.chart(points).svg());
        text.append("\n![time against selectivity](").append(chart).append(")\n");
      }
    }
    System.out.println();
    text.append("\n```\n");
    for (CliffPage.Verdict verdict : verdicts) {
      System.out.print(verdict);
      text.append(verdict);
    }
    text.append("```\n");
    if (options.report().isPresent()) {
      write(disk, options.report().get(), set.name() + "-cliff.md", text.toString());
    }
    System.err.println("cliff: " + run.found() + " hits");
    return verdicts.stream().allMatch(verdict -> verdict.faults().isEmpty());
  }

  private static void write(Disk disk, Path folder, String name, String text) throws IOException {
    disk.createFolders(folder);
    try (FileOutput out = FileOutput.create(disk, folder.resolve(name))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.commit();
    }
  }
}
