package io.capsdb.server.command;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/// Shows how far a long command is: a bar that is drawn over on a terminal, a line every few
/// seconds elsewhere. Not for more than one thread.
public final class Progress {
  private static final int BAR_WIDTH = 24;
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final long LINE_NANOS = 5_000_000_000L;

  /// Before this a rate is chance.
  private static final long SETTLED_NANOS = 500_000_000L;

  private final Screen screen;
  private final LongSupplier nanoClock;
  private final String doing;
  private final String unit;
  private final long begin;
  private long shownAt;
  private boolean isDrawn;

  /// @param doing what is done, for example `loading`
  /// @param unit what is counted, in the plural
  public Progress(Screen screen, LongSupplier nanoClock, String doing, String unit) {
    this.screen = screen;
    this.nanoClock = nanoClock;
    this.doing = doing;
    this.unit = unit;
    this.begin = nanoClock.getAsLong();
    this.shownAt = begin - (screen.isTerminal() ? REDRAW_NANOS : 0);
  }

  /// Shows the state, unless it was shown just before.
  ///
  /// @param fraction share of the work that is done, 0 to 1
  public void show(long done, OptionalLong total, double fraction) {
    show(done, total, fraction, "");
  }

  /// The same with a word more, for example the loss of a training.
  public void show(long done, OptionalLong total, double fraction, String more) {
    long now = nanoClock.getAsLong();
    if (now - shownAt < (screen.isTerminal() ? REDRAW_NANOS : LINE_NANOS)) {
      return;
    }
    shownAt = now;
    if (screen.isTerminal()) {
      screen
          .out()
          .print("\r\033[K" + bar(fraction) + " " + text(done, total, fraction, now) + more);
      screen.out().flush();
      isDrawn = true;
    } else {
      screen.out().println(doing + ": " + text(done, total, fraction, now) + more);
    }
  }

  /// Prints a line that stays, above the bar.
  public void note(String line) {
    clear();
    screen.out().println(line);
    shownAt = screen.isTerminal() ? shownAt - REDRAW_NANOS : shownAt;
  }

  /// Takes the bar away.
  public void clear() {
    if (isDrawn) {
      screen.out().print("\r\033[K");
      screen.out().flush();
      isDrawn = false;
    }
  }

  public double seconds() {
    return (nanoClock.getAsLong() - begin) / 1e9;
  }

  private String bar(double fraction) {
    int full = (int) Math.round(BAR_WIDTH * Math.clamp(fraction, 0, 1));
    String drawn =
        screen.show("█", "#").repeat(full) + screen.show("░", "-").repeat(BAR_WIDTH - full);
    return doing + " [" + drawn + "]";
  }

  private String text(long done, OptionalLong total, double fraction, long now) {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%3.0f %%  %,d", 100 * fraction, done));
    total.ifPresent(all -> text.append(String.format(Locale.ROOT, " of %,d", all)));
    text.append(' ').append(unit);
    long nanos = now - begin;
    if (done == 0) {
      text.append("  ").append(clock(nanos / 1e9)).append(" so far");
    } else if (nanos >= SETTLED_NANOS) {
      text.append(String.format(Locale.ROOT, "  %,.0f/s", done / (nanos / 1e9)));
      if (fraction > 0 && fraction < 1) {
        text.append("  ").append(clock(nanos / 1e9 * (1 - fraction) / fraction)).append(" left");
      }
    }
    return text.toString().strip();
  }

  /// Minutes and seconds, with hours when there are any.
  static String clock(double seconds) {
    long whole = Math.round(Math.min(seconds, 359_999));
    return whole < 3_600
        ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3_600, whole / 60 % 60, whole % 60);
  }
}
