package io.capsdb.io;

class MemoryDiskTest extends DiskContract {
  @Override
  protected Disk disk() {
    return new MemoryDisk();
  }
}
