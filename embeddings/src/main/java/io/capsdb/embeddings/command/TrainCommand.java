package io.capsdb.embeddings.command;

import io.capsdb.server.command.UsageException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
    name = "train",
    description = "Trains an encoder of images or texts, or a binary code.",
    descriptionHeading = "%n",
    synopsisSubcommandLabel = "(image | text | binary-codes)",
    commandListHeading = "%nWhat is trained:%n",
    footer = {
      "",
      "Examples:",
      "  capsdb train image --input train-images-idx3-ubyte.gz --payload train-labels-idx1-ubyte.gz \\",
      "      --output fashion.model",
      "  capsdb train text --input products.jsonl --fields title,description --label category \\",
      "      --output products.model",
      "  capsdb train binary-codes --input vectors.npy --bits 64 --output products.codes"
    })
final class TrainCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new UsageException("say what: image, text or binary-codes (see capsdb train --help)");
  }
}
