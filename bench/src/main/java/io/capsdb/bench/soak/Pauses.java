package io.capsdb.bench.soak;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/// The longest pause for garbage collection since it was made.
final class Pauses {
  private final AtomicLong longest = new AtomicLong();

  Pauses() {
    for (GarbageCollectorMXBean bean : ManagementFactory.getGarbageCollectorMXBeans()) {
      // The concurrent part runs beside the program and stops nobody.
      if (bean instanceof NotificationEmitter emitter && !bean.getName().contains("Concurrent")) {
        emitter.addNotificationListener(
            (notification, _) -> {
              if (notification.getUserData() instanceof CompositeData data
                  && notification
                      .getType()
                      .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
                long millis =
                    GarbageCollectionNotificationInfo.from(data).getGcInfo().getDuration();
                longest.accumulateAndGet(millis, Math::max);
              }
            },
            null,
            null);
      }
    }
  }

  long longestMillis() {
    return longest.get();
  }
}
