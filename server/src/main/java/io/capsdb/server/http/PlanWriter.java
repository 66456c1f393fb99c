package io.capsdb.server.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.capsdb.SearchPlan;
import io.capsdb.filter.FilterText;
import java.io.IOException;

/// Writes how a search was done.
final class PlanWriter {
  private PlanWriter() {}

  static void write(SearchPlan plan, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("plan", plan.name());
    out.writeStringField("index_used", index(plan.name()));
    out.writeStringField("filter", FilterText.of(plan.filter()));
    out.writeNumberField("estimated_matches", plan.estimatedMatches());
    out.writeNumberField("min_matches", plan.minMatches());
    out.writeNumberField("max_matches", plan.maxMatches());
    out.writeNumberField("points", plan.points());
    out.writeNumberField("segments", plan.segments());
    out.writeNumberField("partitions", plan.partitions());
    out.writeNumberField("partitions_probed", plan.partitionsProbed());
    out.writeNumberField("partitions_pruned", plan.partitionsPruned());
    out.writeNumberField("slots_skipped", plan.slotsSkipped());
    out.writeNumberField("slots_whole", plan.slotsWhole());
    out.writeNumberField("slots_tested", plan.slotsTested());
    out.writeNumberField("documents_verified", plan.documentsVerified());
    out.writeNumberField("rows_scored", plan.rowsScored());
    out.writeNumberField("vectors_read", plan.vectorsRead());
    out.writeBooleanField("complete", plan.isComplete());
    out.writeBooleanField("budget_hit", plan.isCut());
    out.writeStringField("stopped_by", plan.stoppedBy());
    writeRecall(plan, out);
    out.writeArrayFieldStart("rejected");
    for (SearchPlan.Rejected rejected : plan.rejected()) {
      out.writeStartObject();
      out.writeStringField("plan", rejected.name());
      out.writeNumberField("micros", rejected.micros());
      out.writeStringField("reason", rejected.reason());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeObjectFieldStart("stage_micros");
    SearchPlan.Stages stages = plan.stages();
    out.writeNumberField("filter", micros(stages.filter()));
    out.writeNumberField("plan", micros(stages.plan()));
    out.writeNumberField("search", micros(stages.search()));
    out.writeNumberField("fetch", micros(stages.fetch()));
    out.writeEndObject();
    out.writeEndObject();
  }

  /// What a search with limits, or for a recall, tells that does not show its plan.
  static void writeOutcome(QueryRunner.Found found, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeBooleanField("budget_hit", found.isCut());
    out.writeBooleanField("complete", !found.isCut());
    if (found.plan().isPresent()) {
      SearchPlan plan = found.plan().get();
      out.writeNumberField("probes", plan.partitionsProbed());
      out.writeNumberField("scanned", plan.rowsScored());
      out.writeStringField("stopped_by", plan.stoppedBy());
      writeRecall(plan, out);
    }
    out.writeEndObject();
  }

  private static void writeRecall(SearchPlan plan, JsonGenerator out) throws IOException {
    if (plan.recallEstimate().isPresent()) {
      out.writeNumberField("recall_estimate", plan.recallEstimate().getAsDouble());
    }
  }

  private static String index(String plan) {
    return switch (plan) {
      case "exact", "graph" -> plan;
      default -> "caps";
    };
  }

  private static long micros(long nanos) {
    return nanos / 1_000;
  }
}
