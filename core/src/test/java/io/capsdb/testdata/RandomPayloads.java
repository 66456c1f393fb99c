package io.capsdb.testdata;

import io.capsdb.point.Payload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Payloads with the fields that make filters hard: few and many values, several values per row,
/// missing fields, nulls, empty arrays, mixed types, nested objects, date-times, long texts.
///
/// | field | what |
/// |---|---|
/// | `label` | whole number 0 to 9, always one |
/// | `price` | float 0 to 100, always one, nearly all distinct |
/// | `brand` | keyword of 6, skewed; missing in a tenth |
/// | `tags` | 0 to 4 keywords of 12; sometimes null |
/// | `sizes` | one whole number or 1 to 3 of them, 0 to 20 |
/// | `sold` | true or false; null in a tenth |
/// | `when` | date-time, or a date alone; missing in a fifth |
/// | `odd` | anything: number, string, truth value, null, `[]`, an object |
/// | `shop.city` | keyword of 4 inside an object |
/// | `offers[].price` | numbers inside an array of objects |
/// | `text` | a text, at times too long to be a keyword |
public final class RandomPayloads {
  static final List<String> BRANDS = List.of("acme", "bolt", "core", "dune", "échelle", "猫");
  static final List<String> CITIES = List.of("Oslo", "Rome", "Lima", "Bonn");
  static final int TAG_COUNT = 12;
  static final Instant FIRST = Instant.parse("2024-01-01T00:00:00Z");
  static final long SECONDS = 366L * 24 * 3600;

  private RandomPayloads() {}

  public static Payload next(RandomGenerator random) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("label", (long) random.nextInt(10));
    fields.put("price", random.nextDouble() * 100);
    if (random.nextInt(10) > 0) {
      fields.put("brand", BRANDS.get(Math.min(random.nextInt(6), random.nextInt(6))));
    }
    fields.put("tags", random.nextInt(20) == 0 ? null : tags(random));
    fields.put("sizes", random.nextBoolean() ? (Object) (long) random.nextInt(21) : sizes(random));
    fields.put("sold", random.nextInt(10) == 0 ? null : random.nextBoolean());
    if (random.nextInt(5) > 0) {
      String time = time(random).toString();
      fields.put("when", random.nextInt(4) == 0 ? time.substring(0, 10) : time);
    }
    if (random.nextInt(3) > 0) {
      fields.put("odd", odd(random));
    }
    if (random.nextInt(4) > 0) {
      fields.put("shop", Map.of("city", CITIES.get(random.nextInt(4))));
    }
    if (random.nextInt(2) > 0) {
      fields.put("offers", offers(random));
    }
    fields.put("text", "word ".repeat(random.nextInt(8) == 0 ? 60 : random.nextInt(3)));
    return Payload.of(fields);
  }

  static Instant time(RandomGenerator random) {
    return FIRST.plusSeconds(random.nextLong(SECONDS));
  }

  static String tag(RandomGenerator random) {
    return "t" + random.nextInt(TAG_COUNT);
  }

  private static List<String> tags(RandomGenerator random) {
    List<String> tags = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      tags.add(tag(random));
    }
    return tags;
  }

  private static List<Long> sizes(RandomGenerator random) {
    List<Long> sizes = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      sizes.add((long) random.nextInt(21));
    }
    return sizes;
  }

  private static @Nullable Object odd(RandomGenerator random) {
    return switch (random.nextInt(8)) {
      case 0 -> (long) random.nextInt(3);
      case 1 -> random.nextInt(3) + 0.5;
      case 2 -> Integer.toString(random.nextInt(3));
      case 3 -> random.nextBoolean();
      case 4 -> List.of();
      case 5 -> Map.of("inner", (long) random.nextInt(3));
      case 6 -> List.of((long) random.nextInt(3), "1", List.of(1L));
      default -> null;
    };
  }

  private static List<Map<String, Object>> offers(RandomGenerator random) {
    List<Map<String, Object>> offers = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      offers.add(Map.of("price", (long) random.nextInt(50)));
    }
    return offers;
  }
}
