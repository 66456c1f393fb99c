package io.capsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.capsdb.index.CostModel;
import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import io.capsdb.storage.CostFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CostCalibrationTest {
  private static final Path FOLDER = Path.of("data");
  private static final Path FILE = FOLDER.resolve("costs");
  private static final CostModel MEASURED = new CostModel(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);

  private final Disk disk = new MemoryDisk();
  private final AtomicInteger measurements = new AtomicInteger();

  private static DatabaseOptions options(Disk disk) {
    return DatabaseOptions.defaults().withDisk(disk).withMeasuredCosts(true);
  }

  /// Opens, lets the measurement end, and answers what costs held meanwhile.
  private CostModel open(DatabaseOptions options) {
    return open(
        options,
        _ -> {
          measurements.incrementAndGet();
          return Optional.of(MEASURED);
        });
  }

  private static CostModel open(DatabaseOptions options, CostCalibration.Measurement measurement) {
    try (CostCalibration calibration = new CostCalibration(options, FOLDER, measurement)) {
      CostModel first = calibration.costs();
      calibration.start();
      while (calibration.isMeasuring()) {
        Thread.onSpinWait();
      }
      assertThat(calibration.costs()).as("they hold as long as it is open").isEqualTo(first);
      return first;
    }
  }

  private void writeFile(String machine) throws IOException {
    disk.createFolders(FOLDER);
    new CostFile(machine, MEASURED).write(disk, FILE);
  }

  @Test
  void whatIsMeasuredHoldsFromTheNextOpenOn() throws IOException {
    disk.createFolders(FOLDER);
    assertThat(open(options(disk))).isEqualTo(CostModel.DEFAULT);
    assertThat(open(options(disk))).isEqualTo(MEASURED);
    assertThat(open(options(disk))).isEqualTo(MEASURED);
    assertThat(measurements).as("once").hasValue(1);
  }

  @Test
  void costsOfAnotherMachineAreMeasuredAnew() throws IOException {
    writeFile("another machine");
    assertThat(open(options(disk))).isEqualTo(CostModel.DEFAULT);
    assertThat(measurements).hasValue(1);
    assertThat(CostFile.read(disk, FILE).orElseThrow().machine()).isEqualTo(MachineName.of(disk));
  }

  @Test
  void aDamagedFileIsIgnoredAndReplaced() throws IOException {
    disk.createFolders(FOLDER);
    try (Disk.AppendFile out = disk.create(FILE)) {
      out.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    }
    assertThat(open(options(disk))).isEqualTo(CostModel.DEFAULT);
    assertThat(open(options(disk))).isEqualTo(MEASURED);
  }

  @Test
  void aFullDiskIsHarmless() throws IOException {
    FailingDisk full = new FailingDisk();
    full.createFolders(FOLDER);
    full.failure = operation -> operation.contains("costs");
    assertThat(open(options(full))).isEqualTo(CostModel.DEFAULT);
    full.failure = operation -> operation.startsWith("tear costs");
    assertThat(open(options(full))).isEqualTo(CostModel.DEFAULT);
    full.failure = _ -> false;
    assertThat(open(options(full))).isEqualTo(CostModel.DEFAULT);
    assertThat(open(options(full))).isEqualTo(MEASURED);
  }

  @Test
  void nothingIsWrittenWhenNothingSettled() throws IOException {
    disk.createFolders(FOLDER);
    assertThat(open(options(disk), _ -> Optional.empty())).isEqualTo(CostModel.DEFAULT);
    assertThat(disk.exists(FILE)).isFalse();
  }

  @Test
  void costsThatAreGivenAreTaken() throws IOException {
    writeFile(MachineName.of(disk));
    CostModel given = new CostModel(9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9);
    assertThat(open(options(disk).withCosts(given))).isEqualTo(given);
    assertThat(open(options(disk).withReadOnly(true))).isEqualTo(MEASURED);
    disk.delete(FILE);
    assertThat(open(options(disk).withReadOnly(true))).isEqualTo(CostModel.DEFAULT);
    assertThat(measurements).hasValue(0);
  }

  @Test
  void closingEndsTheMeasurement() throws IOException, InterruptedException {
    disk.createFolders(FOLDER);
    CountDownLatch begun = new CountDownLatch(1);
    try (CostCalibration calibration =
        new CostCalibration(
            options(disk),
            FOLDER,
            isStopped -> {
              begun.countDown();
              while (!isStopped.getAsBoolean()) {
                Thread.onSpinWait();
              }
              return Optional.of(MEASURED);
            })) {
      calibration.start();
      begun.await();
    }
    assertThat(disk.exists(FILE)).isFalse();
  }

  @Test
  void databasesInMemoryMeasureNothing() {
    try (Database database = Database.inMemory()) {
      assertThat(database.isMeasuring()).isFalse();
      assertThat(database.costs()).isEqualTo(CostModel.DEFAULT);
    }
  }

  /// The whole of it: a database that is opened twice plans with what its folder says.
  @Test
  void aDatabasePlansFromTheCostsOfItsFolder() throws IOException {
    writeFile(MachineName.of(disk));
    try (Database database = Database.open(FOLDER, options(disk))) {
      assertThat(database.isMeasuring()).isFalse();
      assertThat(database.costs()).isEqualTo(MEASURED);
    }
    disk.delete(FILE);
    try (Database database = Database.open(FOLDER, options(disk))) {
      assertThat(database.costs()).isEqualTo(CostModel.DEFAULT);
      writeFile(MachineName.of(disk));
      assertThat(database.costs()).isEqualTo(CostModel.DEFAULT);
    }
  }
}
