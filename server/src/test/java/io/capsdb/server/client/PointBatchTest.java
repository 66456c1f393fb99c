package io.capsdb.server.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.formats.RowSource;
import io.capsdb.formats.RowSources;
import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import io.capsdb.point.Payload;
import io.capsdb.point.PointId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PointBatchTest {
  @Test
  void pointsAreWrittenAsTheApiReadsThem() throws IOException {
    PointBatch batch = new PointBatch();
    UUID uuid = UUID.fromString("00000000-0000-0000-0000-0000000000ab");
    batch.add(PointId.of(7), new float[] {1, -2, 0.5f}, Payload.empty());
    batch.add(PointId.of(-1), new float[] {1e-9f}, Payload.of(Map.of("a", List.of(1, "x"))));
    batch.add(PointId.of(uuid), new float[] {-0.0f, 3e30f}, Payload.empty());
    assertThat(text(batch, 0, 3))
        .isEqualTo(
            "{\"points\":[{\"id\":7,\"vector\":[1,-2,0.5]},"
                + "{\"id\":18446744073709551615,\"vector\":[1.0E-9],\"payload\":{\"a\":[1,\"x\"]}},"
                + "{\"id\":\"00000000-0000-0000-0000-0000000000ab\",\"vector\":[-0.0,3.0E30]}]}");
  }

  @Test
  void anyRunCanBeSentAlone() throws IOException {
    PointBatch batch = new PointBatch();
    for (int i = 0; i < 200; i++) {
      batch.add(PointId.of(i), new float[] {i}, Payload.empty());
    }
    assertThat(batch.size()).isEqualTo(200);
    assertThat(text(batch, 0, 1)).isEqualTo("{\"points\":[{\"id\":0,\"vector\":[0]}]}");
    assertThat(text(batch, 198, 200))
        .isEqualTo("{\"points\":[{\"id\":198,\"vector\":[198]},{\"id\":199,\"vector\":[199]}]}");
  }

  @Test
  void floatsReadBackAsTheyWere() throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    float[] values = new float[5_000];
    for (int i = 0; i < values.length; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      values[i] =
          !Float.isFinite(value) ? 16_777_218f : i % 3 == 0 ? Math.round(value % 1e7f) : value;
    }
    PointBatch batch = new PointBatch();
    batch.add(PointId.of(1), values, Payload.empty());
    String body = text(batch, 0, 1);
    Disk disk = new MemoryDisk();
    Path file = Path.of("row.jsonl").toAbsolutePath();
    disk.createFolders(Objects.requireNonNull(file.getParent()));
    try (Disk.AppendFile out = disk.create(file)) {
      String line = body.substring("{\"points\":[".length(), body.length() - 2);
      out.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
    }
    try (RowSource rows = RowSources.open(disk, file)) {
      assertThat(rows.next().orElseThrow().vector()).containsExactly(values);
    }
  }

  private static String text(PointBatch batch, int from, int to) {
    return new String(batch.body(from, to), StandardCharsets.UTF_8);
  }
}
