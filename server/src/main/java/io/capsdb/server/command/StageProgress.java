package io.capsdb.server.command;

import io.capsdb.server.evaluate.Reporter;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Shows the stages of an evaluation one after the other. Not for more than one thread.
final class StageProgress implements Reporter {
  private final Machine machine;
  private String stage = "";
  private @Nullable Progress progress;

  StageProgress(Machine machine) {
    this.machine = machine;
  }

  @Override
  public void at(String doing, String unit, long done, long total) {
    Progress own = progress;
    if (own == null || !doing.equals(stage)) {
      clear();
      own = new Progress(machine.screen(), machine.nanoClock(), doing, unit);
      progress = own;
      stage = doing;
    }
    own.show(done, OptionalLong.of(total), (double) done / total);
  }

  void clear() {
    if (progress != null) {
      progress.clear();
    }
  }
}
