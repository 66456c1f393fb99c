/// Kernels, filters, attribute index, index SPI and the disk port of CapsDB.
@SuppressWarnings("requires-automatic") // RoaringBitmap names itself in its manifest only
module io.capsdb.core {
  requires static jdk.incubator.vector;
  requires static transitive org.jspecify;
  requires transitive roaringbitmap;

  exports io.capsdb.attribute;
  exports io.capsdb.filter;
  exports io.capsdb.index;
  exports io.capsdb.io;
  exports io.capsdb.point;
  exports io.capsdb.vector;
}
