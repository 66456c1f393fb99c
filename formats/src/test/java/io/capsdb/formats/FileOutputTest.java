package io.capsdb.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FileOutputTest {
  private static final Path FOLDER = Path.of("out").toAbsolutePath();
  private final Disk disk = new MemoryDisk();

  @BeforeEach
  void makeFolder() throws IOException {
    disk.createFolders(FOLDER);
  }

  @Test
  void fileHasItsNameOnlyAfterTheCommit() throws IOException {
    try (FileOutput out = FileOutput.create(disk, FOLDER.resolve("a.txt"))) {
      out.write("whole".getBytes(StandardCharsets.UTF_8));
      assertThat(disk.list(FOLDER)).containsExactly("a.txt.part");
      out.commit();
    }
    assertThat(disk.list(FOLDER)).containsExactly("a.txt");
    try (InputStream in = disk.read(FOLDER.resolve("a.txt"))) {
      assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("whole");
    }
  }

  @Test
  void nothingIsLeftWithoutACommit() throws IOException {
    try (FileOutput out = FileOutput.create(disk, FOLDER.resolve("a.txt"))) {
      out.write('x');
    }
    assertThat(disk.list(FOLDER)).isEmpty();
  }

  @Test
  void earlierFileStaysUntilTheCommit() throws IOException {
    Path file = FOLDER.resolve("a.txt");
    try (FileOutput out = FileOutput.create(disk, file)) {
      out.write("old".getBytes(StandardCharsets.UTF_8));
      out.commit();
    }
    try (FileOutput out = FileOutput.create(disk, file)) {
      out.write("newer".getBytes(StandardCharsets.UTF_8));
      assertThat(disk.size(file)).isEqualTo(3);
      out.commit();
    }
    assertThat(disk.size(file)).isEqualTo(5);
  }

  @Test
  void gzIsPacked() throws IOException {
    Path file = FOLDER.resolve("a.txt.gz");
    String text = "packed ".repeat(50_000);
    try (FileOutput out = FileOutput.create(disk, file)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.commit();
    }
    assertThat(disk.size(file)).isLessThan(10_000);
    try (InputStream in = new GZIPInputStream(disk.read(file))) {
      assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo(text);
    }
  }

  @Test
  void missingFolderIsAnError() {
    assertThatThrownBy(() -> FileOutput.create(disk, FOLDER.resolve("no/a.txt")))
        .isInstanceOf(IOException.class);
  }
}
