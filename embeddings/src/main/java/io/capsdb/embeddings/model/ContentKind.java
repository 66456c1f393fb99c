package io.capsdb.embeddings.model;

/// What an encoder takes.
///
/// @param isImage whether it takes images, otherwise texts
/// @param channels of an image; 0 for texts
/// @param side pixels of an image's side; 0 for texts
/// @param fields of a row that are joined to a text, by default; empty for images
public record ContentKind(boolean isImage, int channels, int side, java.util.List<String> fields) {
  public ContentKind {
    fields = java.util.List.copyOf(fields);
  }

  static ContentKind images(int channels, int side) {
    return new ContentKind(true, channels, side, java.util.List.of());
  }

  public static ContentKind texts(java.util.List<String> fields) {
    return new ContentKind(false, 0, 0, fields);
  }

  /// In words, for messages.
  public String inWords() {
    return isImage
        ? "images of " + side + " x " + side + " pixels, " + channels + " channels"
        : "texts";
  }
}
