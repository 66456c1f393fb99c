#!/usr/bin/env bash
# From raw images to filtered search: "trousers that are bright", asked for with an image.
#
# An encoder is trained on the sample of Fashion-MNIST that comes with the program, its checkpoints
# are averaged by trainable weight averaging, the images become a collection, and an image of
# trousers is looked for among those that are bright.
source "$(dirname -- "${BASH_SOURCE[0]}")/server.sh"

sample=$home/server/src/main/resources/io/capsdb/server/sample
images=$sample/images.idx3-ubyte.gz
attributes=$sample/attributes.jsonl.gz

"$capsdb" train image --input "$images" --payload "$attributes" --label name \
  --optimizer sgd --schedule constant --epochs 4 --checkpoints-per-epoch 4 \
  --output "$work/fashion.model"

"$capsdb" average --method twa --checkpoints "$work/fashion.model.run" \
  --model "$work/fashion.model" --input "$images" --payload "$attributes" --label name \
  --output "$work/fashion-twa.model"

start_server
"$capsdb" embed --model "$work/fashion-twa.model" --input "$images" --payload "$attributes" \
  --collection fashion --url "$url"

trousers=$(($(gzip -dc "$attributes" | grep -n '"Trouser"' | tail -n 1 | cut -d: -f1) - 1))
"$capsdb" search --url "$url" --collection fashion --model "$work/fashion-twa.model" \
  --image "$images:$trousers" --limit 10 \
  --filter '{"must":[{"key":"brightness","range":{"gte":0.3}}]}' | tee "$work/hits"

expect "$work/hits" Trouser 8
