/// Encoders that users bring as ONNX files.
@NullMarked
package io.capsdb.embeddings.onnx;

import org.jspecify.annotations.NullMarked;
