package io.capsdb.server.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who may do what: by keys that requests carry. Only hashes of the keys are kept, and they are
/// compared in a time that does not depend on how much of them is right.
///
/// @param keys none where everybody may do everything
public record Access(List<Key> keys) {
  /// Everybody may do everything.
  public static final Access OPEN = new Access(List.of());

  private static final int MIN_LENGTH = 8;
  private static final String BEARER = "Bearer ";

  /// What a key allows.
  public enum Role {
    READ,
    WRITE
  }

  /// A key that is known by its hash.
  ///
  /// @param name for the audit log, for example `second`
  @SuppressWarnings("ArrayRecordComponent") // never changed
  public record Key(String name, Role role, byte[] hash) {
    /// @throws IllegalArgumentException if the key is too short to be one
    public static Key of(String name, Role role, String secret) {
      if (secret.length() < MIN_LENGTH) {
        throw new IllegalArgumentException(
            "the " + name + " key must have at least " + MIN_LENGTH + " characters");
      }
      return new Key(name, role, Access.hash(secret));
    }
  }

  public Access {
    keys = List.copyOf(keys);
  }

  /// The same with one more key.
  public Access with(Key key) {
    List<Key> more = new ArrayList<>(keys);
    more.add(key);
    return new Access(more);
  }

  public boolean isOpen() {
    return keys.isEmpty();
  }

  /// The key that a request carries, in either header; empty when it carries none that is known.
  Optional<Key> find(@Nullable String apiKey, @Nullable String authorization) {
    String secret = apiKey;
    if (secret == null
        && authorization != null
        && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      secret = authorization.substring(BEARER.length()).strip();
    }
    if (secret == null) {
      return Optional.empty();
    }
    byte[] hash = hash(secret);
    Optional<Key> found = Optional.empty();
    for (Key key : keys) {
      // All are compared, so that it does not show which one it was.
      if (MessageDigest.isEqual(key.hash(), hash)) {
        found = Optional.of(key);
      }
    }
    return found;
  }

  private static byte[] hash(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
