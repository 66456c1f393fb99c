package io.capsdb;

import io.capsdb.index.CostModel;
import io.capsdb.io.CheckedReader;
import io.capsdb.io.CheckedWriter;
import io.capsdb.io.CorruptFileException;
import io.capsdb.io.Disk;
import io.capsdb.io.MemoryDisk;
import io.capsdb.storage.Catalogue;
import io.capsdb.storage.Manifest;
import io.capsdb.vector.ElementType;
import io.capsdb.vector.Metric;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/// Collections in one folder, or in memory.
///
/// One process at a time opens a folder for writing. Safe for use by many threads. [#close] ends
/// the background work; its threads are daemons.
public final class Database implements AutoCloseable {
  /// A log of no more bytes has no writes.
  private static final int MOST_HEADER = 64;

  /// Begins the names of folders into which snapshots are unpacked.
  private static final String RESTORING = "restoring-";

  /// Between a metric and the type of the values, in the catalogue.
  private static final String OF = " of ";

  private final DatabaseOptions options;
  private final CostCalibration calibration;
  private final Path folder;
  private final Optional<Closeable> lock;
  private final Snapshots snapshots;
  private final Scrub scrub;
  private final AtomicLong restores = new AtomicLong();
  private final Map<String, CollectionStore> stores = new TreeMap<>();

  /// Collections that could not be opened, with the reason; their files stay as they are.
  private final Map<String, Exception> damaged = new TreeMap<>();

  private final Aliases aliases;
  private Catalogue catalogue;
  private boolean isClosed;

  private Database(
      DatabaseOptions options,
      Path folder,
      Optional<Closeable> lock,
      Catalogue catalogue,
      Aliases aliases) {
    this.calibration = new CostCalibration(options, folder);
    this.options = options.withCosts(calibration.costs());
    this.folder = folder;
    this.lock = lock;
    this.catalogue = catalogue;
    this.snapshots = new Snapshots(Reserve.of(options), folder.resolve("snapshots"));
    this.aliases = aliases;
    this.scrub = new Scrub(options.background(), options.scrubMillis(), this::openStores);
  }

  private synchronized List<CollectionStore> openStores() {
    return List.copyOf(stores.values());
  }

  /// Opens the database in a folder, which is created when it is missing.
  ///
  /// A collection with a damaged file stays closed, and its files as they are, while the others are
  /// opened; see [#find].
  ///
  /// @throws StorageException if the folder cannot be used, or is open elsewhere
  /// @throws CorruptFileException if the catalogue is damaged
  public static Database open(Path folder) {
    return open(folder, DatabaseOptions.defaults());
  }

  /// Opens for reading only: nothing in the folder changes. What another process writes to it
  /// meanwhile is not seen.
  ///
  /// @throws StorageException if there is no such folder
  public static Database openReadOnly(Path folder) {
    return open(folder, DatabaseOptions.defaults().withReadOnly(true));
  }

  /// A new database that is gone when it is closed.
  public static Database inMemory() {
    return open(
        Path.of("memory"), DatabaseOptions.defaults().withDisk(new MemoryDisk()).withLog(false));
  }

  public static Database open(Path folder, DatabaseOptions options) {
    Disk disk = options.disk();
    try {
      Optional<Closeable> lock = Optional.empty();
      if (options.isReadOnly()) {
        if (!disk.exists(folder)) {
          throw new NoSuchFileException(folder.toString());
        }
      } else {
        disk.createFolders(folder);
        lock = Optional.of(disk.lock(folder.resolve("LOCK")));
      }
      try {
        requireCatalogue(disk, folder);
        Catalogue catalogue = Catalogue.read(disk, folder.resolve("catalogue"));
        Aliases aliases = Aliases.open(disk, folder);
        Database database = new Database(options, folder, lock, catalogue, aliases);
        database.openCollections();
        database.calibration.start();
        if (!options.isReadOnly()) {
          database.scrub.start();
        }
        return database;
      } catch (IOException | RuntimeException e) {
        if (lock.isPresent()) {
          lock.get().close();
        }
        throw e;
      }
    } catch (IOException e) {
      throw new StorageException(
          "cannot open the database in " + folder + ": " + e.getMessage(), e);
    }
  }

  private synchronized void openCollections() throws IOException {
    List<IOException> unreadable = new ArrayList<>();
    try {
      for (Catalogue.Entry entry : catalogue.entries()) {
        try {
          CollectionStore store =
              CollectionStore.open(
                  entry.name(),
                  readConfig(entry),
                  options,
                  collectionFolder(entry.folder()),
                  entry.identity());
          stores.put(entry.name(), store);
          if (!options.isReadOnly()) {
            store.compactor().start();
          }
        } catch (CorruptFileException e) {
          leaveClosed(entry.name(), e);
        } catch (NoSuchFileException e) {
          leaveClosed(entry.name(), new CorruptFileException(e.getFile(), 0, "it is missing"));
        } catch (IOException e) {
          unreadable.add(e);
          leaveClosed(entry.name(), e);
        }
      }
      if (stores.isEmpty() && !unreadable.isEmpty()) {
        throw unreadable.getFirst(); // it is the disk, not a collection
      }
    } catch (IOException | RuntimeException e) {
      stores.values().forEach(CollectionStore::close);
      throw e;
    }
    if (!options.isReadOnly()) {
      deleteLeftOvers();
    }
  }

  /// A catalogue that is lost must not pass for an empty one: what it does not name is deleted. A
  /// collection has a manifest only after the catalogue named it.
  private static void requireCatalogue(Disk disk, Path folder) throws IOException {
    Path catalogue = folder.resolve("catalogue");
    if (!disk.exists(folder) || disk.exists(catalogue)) {
      return;
    }
    for (String name : disk.list(folder)) {
      if (name.matches("collection-[0-9]{6,}") && hasContent(disk, folder.resolve(name))) {
        throw new CorruptFileException(
            catalogue.toString(), 0, "it is missing, but there is '" + name + "'");
      }
    }
  }

  private static boolean hasContent(Disk disk, Path collection) throws IOException {
    List<String> files;
    try {
      files = disk.list(collection);
    } catch (NotDirectoryException e) {
      return false;
    }
    for (String file : files) {
      boolean isLog = file.startsWith("log-");
      if (file.equals("manifest") || (isLog && disk.size(collection.resolve(file)) > MOST_HEADER)) {
        return true;
      }
    }
    return false;
  }

  /// The others are served.
  private void leaveClosed(String name, Exception reason) {
    damaged.put(name, reason);
    System.getLogger(Database.class.getName())
        .log(
            System.Logger.Level.ERROR,
            "collection '" + name + "' is not opened: " + reason.getMessage());
  }

  /// Creates a collection.
  ///
  /// @param name 1 to 255 letters and digits of any script, `_`, `-` and `.`, but no `.` first
  /// @throws IllegalArgumentException if the name is not allowed, or a graph is wanted and its
  ///     module is not there
  /// @throws CollectionExistsException if it is there already
  public Collection createCollection(String name, CollectionConfig config) {
    return createCollection(name, config, CollectionSettings.NONE);
  }

  /// Creates a collection with settings.
  ///
  /// @throws IllegalArgumentException if the name is not allowed, or is an alias
  /// @throws CollectionExistsException if it is there already
  public synchronized Collection createCollection(
      String name, CollectionConfig config, CollectionSettings settings) {
    requireWritable();
    CollectionNames.require(name);
    requireNoAlias(name);
    if (stores.containsKey(name) || damaged.containsKey(name)) {
      throw new CollectionExistsException("collection '" + name + "' already exists");
    }
    if (config.hasGraph()) {
      IndexKinds.of(IndexKinds.GRAPH);
    }
    try {
      long number = catalogue.nextFolder();
      long identity = newIdentity(number);
      Path place = collectionFolder(number);
      options.disk().createFolders(place);
      options.disk().forceFolder(folder);
      if (!settings.equals(CollectionSettings.NONE)) {
        settings.toFile().write(options.disk(), place.resolve(CollectionStore.SETTINGS), identity);
      }
      CollectionStore store = CollectionStore.open(name, config, options, place, identity);
      List<Catalogue.Entry> entries = new ArrayList<>(catalogue.entries());
      entries.add(new Catalogue.Entry(name, number, identity, writeConfig(config)));
      Catalogue next = new Catalogue(number + 1, entries);
      try {
        next.write(options.disk(), folder.resolve("catalogue"));
      } catch (IOException e) {
        store.close();
        throw e;
      }
      catalogue = next;
      stores.put(name, store);
      store.compactor().start();
      return new Collection(store);
    } catch (IOException e) {
      throw new StorageException("cannot create collection '" + name + "': " + e.getMessage(), e);
    }
  }

  /// A number that no other collection has, of this database or another: from the moment, to the
  /// nanosecond, and the folder.
  private long newIdentity(long folderNumber) {
    long moment = options.nanoClock().getAsLong();
    return new SplittableRandom(moment ^ (folderNumber << Integer.SIZE)).nextLong() | 1;
  }

  /// The collection of a name or an alias.
  ///
  /// @throws CollectionNotFoundException if there is none
  /// @throws StorageException if it was not opened because a file of it is damaged, or cannot be
  ///     read
  public Collection collection(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new CollectionNotFoundException(
                    "collection '" + CollectionNames.shown(name) + "' doesn't exist"));
  }

  /// The collection of a name or an alias; empty when there is none.
  ///
  /// @throws StorageException if it was not opened because a file of it is damaged, or cannot be
  ///     read
  public synchronized Optional<Collection> find(String name) {
    requireOpen();
    Exception reason = damaged.get(target(name).orElse(name));
    if (reason != null) {
      throw new StorageException(
          "collection '" + CollectionNames.shown(name) + "' was not opened: " + reason.getMessage(),
          reason);
    }
    CollectionStore store = stores.get(name);
    if (store == null) {
      store = target(name).map(stores::get).orElse(null);
    }
    return Optional.ofNullable(store).map(Collection::new);
  }

  /// All aliases, with the names of their collections.
  public synchronized Map<String, String> aliases() {
    requireOpen();
    Map<String, String> all = new TreeMap<>();
    aliases.all().keySet().forEach(alias -> target(alias).ifPresent(name -> all.put(alias, name)));
    return all;
  }

  /// Changes aliases: all of the steps, in their order, or none.
  ///
  /// @throws IllegalArgumentException if an alias is not allowed as a name
  /// @throws CollectionExistsException if a collection has the name of a new alias
  /// @throws AliasNotFoundException if an alias to be deleted or renamed is not there
  /// @throws CollectionNotFoundException if a collection is not there
  public synchronized void changeAliases(List<AliasChange> changes) {
    requireWritable();
    for (AliasChange change : changes) {
      switch (change) {
        case AliasChange.Create(String alias, _) -> CollectionNames.require(alias);
        case AliasChange.Rename(_, String to) -> CollectionNames.require(to);
        case AliasChange.Delete _ -> {}
      }
    }
    try {
      aliases.change(changes, stores::containsKey, this::folderOf);
    } catch (IOException e) {
      throw new StorageException("cannot change aliases: " + e.getMessage(), e);
    }
  }

  private long folderOf(String collection) {
    return catalogue.entries().stream()
        .filter(entry -> entry.name().equals(collection))
        .findFirst()
        .orElseThrow(
            () ->
                new CollectionNotFoundException(
                    "collection '" + CollectionNames.shown(collection) + "' doesn't exist"))
        .folder();
  }

  /// The name of the collection that an alias leads to. None for an alias whose collection was
  /// dropped just before the process ended.
  private Optional<String> target(String alias) {
    return aliases
        .folder(alias)
        .flatMap(
            number ->
                catalogue.entries().stream()
                    .filter(entry -> entry.folder() == number)
                    .map(Catalogue.Entry::name)
                    .findFirst());
  }

  /// All names, sorted; without those of [#damagedCollections].
  public synchronized List<String> collectionNames() {
    requireOpen();
    return List.copyOf(stores.keySet());
  }

  /// Names of the collections that are not opened because a file of them is damaged, or cannot be
  /// read, with what is wrong. They can be dropped, restored from a snapshot, and repaired by
  /// [DatabaseCheck].
  public synchronized Map<String, String> damagedCollections() {
    requireOpen();
    Map<String, String> all = new TreeMap<>();
    damaged.forEach((name, damage) -> all.put(name, String.valueOf(damage.getMessage())));
    return all;
  }

  /// Drops a collection with all its points; false when there is none of that name.
  public synchronized boolean dropCollection(String name) {
    requireOpen();
    CollectionStore store = stores.get(name);
    if (store == null && !damaged.containsKey(name)) {
      return false;
    }
    requireWritable();
    List<Catalogue.Entry> entries =
        catalogue.entries().stream().filter(entry -> !entry.name().equals(name)).toList();
    long number = folderOf(name);
    try {
      Catalogue next = new Catalogue(catalogue.nextFolder(), entries);
      next.write(options.disk(), folder.resolve("catalogue"));
      catalogue = next;
    } catch (IOException e) {
      throw new StorageException("cannot drop collection '" + name + "': " + e.getMessage(), e);
    }
    stores.remove(name);
    damaged.remove(name);
    discard(Optional.ofNullable(store), number);
    return true;
  }

  /// Ends a collection that is in no catalogue any more, and deletes its files.
  ///
  /// @param number of its folder
  private void discard(Optional<CollectionStore> store, long number) {
    store.ifPresent(CollectionStore::close);
    Path place = collectionFolder(number);
    try {
      aliases.forget(number);
      deleteFolder(place);
    } catch (IOException e) {
      // It is in no catalogue any more: the next start deletes it, and its aliases lead nowhere.
      System.getLogger(Database.class.getName())
          .log(System.Logger.Level.WARNING, "cannot delete " + place, e);
    }
  }

  /// Writes a snapshot of a collection, as it is at one moment while the call runs, into a file
  /// beside the collections. Reads and writes go on meanwhile.
  ///
  /// @throws CollectionNotFoundException if there is no such collection
  /// @throws OverloadedException if a snapshot of this collection is being made already
  /// @throws StorageException if it cannot be written
  public SnapshotInfo createSnapshot(String collection) {
    CollectionStore store;
    synchronized (this) {
      store = stores.get(collection(collection).name());
    }
    try {
      return snapshots.create(Objects.requireNonNull(store), writeConfig(store.config()));
    } catch (IOException e) {
      throw new StorageException(
          "cannot write a snapshot of collection '" + collection + "': " + e.getMessage(), e);
    }
  }

  /// The snapshots of a collection, by name. They stay when the collection is dropped.
  public List<SnapshotInfo> snapshots(String collection) {
    CollectionNames.require(collection);
    try {
      return snapshots.list(collection);
    } catch (IOException e) {
      throw new StorageException("cannot list snapshots: " + e.getMessage(), e);
    }
  }

  /// The bytes of a snapshot, for [#restore].
  ///
  /// @throws SnapshotNotFoundException if there is none of that name
  public InputStream readSnapshot(String collection, String name) {
    CollectionNames.require(collection);
    try {
      return readSnapshot(snapshots.find(collection, name), collection, name);
    } catch (IOException e) {
      throw new StorageException("cannot read a snapshot: " + e.getMessage(), e);
    }
  }

  private InputStream readSnapshot(Optional<Path> file, String collection, String name)
      throws IOException {
    if (file.isEmpty()) {
      throw noSnapshot(collection, name);
    }
    return options.disk().read(file.get());
  }

  /// The bytes of a snapshot by the place of its file.
  ///
  /// @param place absolute, or in the folder of the database; nothing outside of its folder
  ///     `snapshots` is read
  /// @throws SnapshotNotFoundException if there is none
  public InputStream readSnapshot(Path place) {
    Path all = folder.resolve("snapshots").toAbsolutePath().normalize();
    Path file = folder.toAbsolutePath().resolve(place).normalize();
    if (!file.startsWith(all) || all.relativize(file).getNameCount() != 2) {
      throw new SnapshotNotFoundException(
          "there is no snapshot at '"
              + CollectionNames.shown(place.toString())
              + "': snapshots are read from snapshots/COLLECTION/NAME of the data folder only");
    }
    Path inside = all.relativize(file);
    String collection = inside.getName(0).toString();
    String name = inside.getName(1).toString();
    try {
      // A folder is told by its own name, or by that of its collection.
      Optional<Path> found =
          CollectionNames.isAllowed(collection)
              ? snapshots.find(collection, name)
              : snapshots.find(all.resolve(collection), name);
      return readSnapshot(found, collection, name);
    } catch (IOException e) {
      throw new StorageException("cannot read a snapshot: " + e.getMessage(), e);
    }
  }

  /// Deletes a snapshot.
  ///
  /// @throws SnapshotNotFoundException if there is none of that name
  public void deleteSnapshot(String collection, String name) {
    CollectionNames.require(collection);
    requireWritable();
    try {
      if (!snapshots.delete(collection, name)) {
        throw noSnapshot(collection, name);
      }
    } catch (IOException e) {
      throw new StorageException("cannot delete a snapshot: " + e.getMessage(), e);
    }
  }

  private static SnapshotNotFoundException noSnapshot(String collection, String name) {
    return new SnapshotNotFoundException(
        "collection '"
            + CollectionNames.shown(collection)
            + "' has no snapshot '"
            + CollectionNames.shown(name)
            + "'");
  }

  /// Makes a collection from a snapshot; it replaces the collection of that name, if there is one,
  /// in one step once all is unpacked and checked.
  ///
  /// @param archive what [#readSnapshot] gives; read to its end, not closed
  /// @param maxBytes most bytes that the collection may take on the disk; fewer where the disk has
  ///     no more room beside the reserve
  /// @throws StorageException if there is no room for it; nothing has changed then
  /// @throws CorruptFileException if the archive is damaged or no snapshot; nothing has changed
  ///     then
  public Collection restore(String name, InputStream archive, long maxBytes) {
    CollectionNames.require(name);
    requireWritable();
    requireNoAlias(name);
    Path aside = folder.resolve(RESTORING + restores.incrementAndGet());
    try {
      try {
        options.disk().createFolders(aside);
        byte[] config = snapshots.unpack(archive, aside, maxBytes);
        return install(name, config, aside);
      } finally {
        deleteFolder(aside);
      }
    } catch (IOException e) {
      throw new StorageException("cannot restore collection '" + name + "': " + e.getMessage(), e);
    }
  }

  private synchronized Collection install(String name, byte[] config, Path aside)
      throws IOException {
    requireOpen();
    long number = catalogue.nextFolder();
    Path place = collectionFolder(number);
    if (!options.disk().exists(folder.resolve("catalogue"))) {
      // Or after a crash it would seem lost, as the folder has a manifest.
      catalogue.write(options.disk(), folder.resolve("catalogue"));
    }
    options.disk().rename(aside, place);
    options.disk().forceFolder(folder);
    Catalogue.Entry entry;
    CollectionStore store;
    try {
      long identity = Manifest.read(options.disk(), place.resolve("manifest")).identity();
      entry = new Catalogue.Entry(name, number, identity, config);
      store = CollectionStore.open(name, readConfig(entry), options, place, identity);
    } catch (IOException | RuntimeException e) {
      deleteFolder(place);
      throw e;
    }
    boolean isOld = stores.containsKey(name) || damaged.containsKey(name);
    long oldNumber = isOld ? folderOf(name) : -1;
    List<Catalogue.Entry> entries = new ArrayList<>(catalogue.entries());
    entries.removeIf(old -> old.name().equals(name));
    entries.add(entry);
    Catalogue next = new Catalogue(number + 1, entries);
    try {
      next.write(options.disk(), folder.resolve("catalogue"));
    } catch (IOException e) {
      store.close();
      throw e;
    }
    catalogue = next;
    damaged.remove(name);
    CollectionStore old = stores.put(name, store);
    store.compactor().start();
    if (isOld) {
      aliases.move(oldNumber, number);
      discard(Optional.ofNullable(old), oldNumber);
    }
    return new Collection(store);
  }

  private synchronized void requireWritable() {
    requireOpen();
    if (options.isReadOnly()) {
      throw new ReadOnlyException("the database was opened read-only");
    }
  }

  /// Ends the background work and frees what no reader holds.
  @Override
  public void close() {
    // Without the lock, which it takes itself.
    scrub.close();
    closeAll();
  }

  private synchronized void closeAll() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    calibration.close();
    stores.values().forEach(CollectionStore::close);
    stores.clear();
    lock.ifPresent(
        held -> {
          try {
            held.close();
          } catch (IOException e) {
            System.getLogger(Database.class.getName())
                .log(System.Logger.Level.WARNING, "cannot release the lock of " + folder, e);
          }
        });
  }

  /// The costs that plans are made from, as long as this database is open.
  public CostModel costs() {
    return options.costs();
  }

  /// Whether the costs of this machine are being measured for the next open.
  boolean isMeasuring() {
    return calibration.isMeasuring();
  }

  private void requireOpen() {
    if (isClosed) {
      throw new IllegalStateException("the database is closed");
    }
  }

  private synchronized void requireNoAlias(String name) {
    if (target(name).isPresent()) {
      throw new IllegalArgumentException(
          "collection '" + name + "' cannot be made, an alias has this name");
    }
  }

  private Path collectionFolder(long number) {
    return folder.resolve("collection-%06d".formatted(number));
  }

  private void deleteLeftOvers() throws IOException {
    List<String> named =
        catalogue.entries().stream()
            .map(entry -> String.valueOf(collectionFolder(entry.folder()).getFileName()))
            .toList();
    for (String name : options.disk().list(folder)) {
      boolean isCollection = name.matches("collection-[0-9]{6,}") && !named.contains(name);
      if (isCollection || name.matches(RESTORING + "[0-9]+")) {
        try {
          deleteFolder(folder.resolve(name));
        } catch (IOException e) {
          // Such as a folder inside: the next start tries again.
          System.getLogger(Database.class.getName())
              .log(System.Logger.Level.WARNING, "cannot delete " + folder.resolve(name), e);
        }
      }
    }
  }

  private void deleteFolder(Path place) throws IOException {
    if (!options.disk().exists(place)) {
      return;
    }
    for (String file : options.disk().list(place)) {
      options.disk().delete(place.resolve(file));
    }
    options.disk().delete(place);
  }

  private static byte[] writeConfig(CollectionConfig config) {
    CheckedWriter out = new CheckedWriter();
    out.writeInt(config.vectors().size());
    config
        .vectors()
        .forEach(
            (name, vector) -> {
              out.writeString(name);
              out.writeInt(vector.dimension());
              out.writeString(described(vector));
            });
    out.writeByte(config.hasGraph() ? 1 : 0);
    out.writeInt(config.logIntervalMillis());
    if (!config.sparse().isEmpty()) {
      out.writeInt(config.sparse().size());
      config
          .sparse()
          .forEach(
              (name, sparse) -> {
                out.writeString(name);
                out.writeByte(sparse.hasIdf() ? 1 : 0);
              });
    }
    return out.toByteArray();
  }

  /// The metric, and the type where it is not float32: versions that know no other refuse it.
  private static String described(VectorConfig vector) {
    String metric = vector.metric().name();
    return vector.type() == ElementType.FLOAT32 ? metric : metric + OF + vector.type().name();
  }

  private static VectorConfig vector(int dimension, String described) {
    int end = described.indexOf(OF);
    return end < 0
        ? new VectorConfig(dimension, Metric.valueOf(described))
        : new VectorConfig(
            dimension,
            Metric.valueOf(described.substring(0, end)),
            ElementType.valueOf(described.substring(end + OF.length())));
  }

  /// The settings of a collection as the catalogue has them.
  static CollectionConfig readConfig(Catalogue.Entry entry) {
    CheckedReader in = new CheckedReader("catalogue", 0, MemorySegment.ofArray(entry.config()));
    Map<String, VectorConfig> vectors = new TreeMap<>();
    int count = in.readLength(12);
    for (int i = 0; i < count; i++) {
      String name = in.readString();
      try {
        vectors.put(name, vector(in.readInt(), in.readString()));
      } catch (IllegalArgumentException e) {
        throw in.corrupt("collection '" + entry.name() + "': " + e.getMessage());
      }
    }
    // Collections of before graphs end here, those of before intervals one byte later.
    boolean hasGraph = in.remaining() > 0 && in.readByte() != 0;
    int interval = in.remaining() > 0 ? in.readInt() : 0;
    if (interval < 0 || interval > CollectionConfig.MAX_LOG_INTERVAL_MILLIS) {
      throw in.corrupt("collection '" + entry.name() + "': a log interval of " + interval + " ms");
    }
    Map<String, SparseConfig> sparse = new TreeMap<>();
    int sparseCount = in.remaining() > 0 ? in.readLength(5) : 0;
    for (int i = 0; i < sparseCount; i++) {
      sparse.put(in.readString(), new SparseConfig(in.readByte() != 0));
    }
    try {
      return new CollectionConfig(vectors, sparse, hasGraph, interval);
    } catch (IllegalArgumentException e) {
      throw in.corrupt("collection '" + entry.name() + "': " + e.getMessage());
    }
  }
}
