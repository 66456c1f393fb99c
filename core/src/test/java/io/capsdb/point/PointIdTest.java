package io.capsdb.point;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.capsdb.testdata.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PointIdTest {
  @Test
  void numbersAreReadAsUnsigned() {
    assertThat(PointId.parse("0")).isEqualTo(PointId.of(0));
    assertThat(PointId.parse("9223372036854775808")).isEqualTo(PointId.of(Long.MIN_VALUE));
    assertThat(PointId.parse("18446744073709551615")).isEqualTo(PointId.of(-1));
    assertThat(PointId.of(-1)).hasToString("18446744073709551615");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PointId.parse("18446744073709551616"))
        .withMessageContaining("is above 18446744073709551615");
  }

  @Test
  void uuidsAreReadInAllTheirFormsAndShownHyphenated() {
    UUID uuid = UUID.fromString("f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
    for (String text :
        List.of(
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6",
            "f81d4fae7dec11d0a76500a0c91e6bf6",
            "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "URN:UUID:f81d4fae-7dec-11d0-a765-00a0c91e6bf6")) {
      assertThat(PointId.parse(text)).as(text).isEqualTo(PointId.of(uuid));
      assertThat(PointId.parse(text)).hasToString("f81d4fae-7dec-11d0-a765-00a0c91e6bf6");
    }
    assertThat(PointId.parse("12345678901234567890123456789012"))
        .as("32 digits are hexadecimal")
        .isEqualTo(PointId.of(UUID.fromString("12345678-9012-3456-7890-123456789012")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "+1",
        "1.0",
        " 1",
        "0x1",
        "١",
        "123456789012345678901",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf",
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf67",
        "f81d4fae-7dec-11d0a765-00a0c91e6bf6",
        "g81d4fae7dec11d0a76500a0c91e6bf6",
        "1-1-1-1-1",
        "null"
      })
  void everythingElseIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PointId.parse(text))
        .withMessage("id \"" + text + "\" is neither an unsigned 64-bit number nor a UUID");
  }

  @Test
  void aLongTextIsNotRepeatedInFull() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PointId.parse("x".repeat(100_000)))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(200));
  }

  @Test
  void allNumbersComeBeforeAllUuidsAndBothAreUnsigned() {
    List<PointId> ascending =
        List.of(
            PointId.of(0),
            PointId.of(1),
            PointId.of(Long.MAX_VALUE),
            PointId.of(Long.MIN_VALUE),
            PointId.of(-1),
            PointId.of(new UUID(0, 0)),
            PointId.of(new UUID(0, 1)),
            PointId.of(new UUID(0, Long.MIN_VALUE)),
            PointId.of(new UUID(0, -1)),
            PointId.of(new UUID(1, 0)),
            PointId.of(new UUID(Long.MIN_VALUE, 0)),
            PointId.of(new UUID(-1, -1)));
    for (int i = 0; i < ascending.size(); i++) {
      for (int j = 0; j < ascending.size(); j++) {
        assertThat(Integer.signum(ascending.get(i).compareTo(ascending.get(j))))
            .as("%s to %s", ascending.get(i), ascending.get(j))
            .isEqualTo(Integer.compare(i, j));
      }
    }
    Seed.repeat(
        5,
        random -> {
          List<PointId> shuffled = new ArrayList<>(ascending);
          Collections.shuffle(shuffled, Random.from(random));
          Collections.sort(shuffled);
          assertThat(shuffled).isEqualTo(ascending);
        });
  }

  @Test
  void textsAreReadBack() {
    Seed.repeat(
        200,
        random -> {
          PointId number = PointId.of(random.nextLong());
          PointId uuid = PointId.of(new UUID(random.nextLong(), random.nextLong()));
          assertThat(PointId.parse(number.toString())).isEqualTo(number);
          assertThat(PointId.parse(uuid.toString())).isEqualTo(uuid);
        });
  }
}
