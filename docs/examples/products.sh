#!/usr/bin/env bash
# From raw texts to filtered search: "toy under 500", asked for in words.
#
# An encoder of texts is trained on a sample of shop products, the products become a collection, and
# a text is looked for among those of a category, a price and a rating.
source "$(dirname -- "${BASH_SOURCE[0]}")/server.sh"

products=$home/embeddings/src/main/resources/io/capsdb/embeddings/sample/products.jsonl.gz

"$capsdb" train text --input "$products" --fields title,description --label category \
  --epochs 5 --buckets 16384 --output "$work/products.model"

start_server
"$capsdb" embed --model "$work/products.model" --input "$products" \
  --collection products --url "$url"

"$capsdb" search --url "$url" --collection products --model "$work/products.model" \
  --text "toy for children" --limit 5 \
  --filter '{"must":[{"key":"price","range":{"lt":500}},
                     {"key":"average_rating","range":{"gte":4}}]}' | tee "$work/hits"

expect "$work/hits" Toys_and_Games 4

# The same among the products of a category, a price and a rating.
"$capsdb" search --url "$url" --collection products --model "$work/products.model" \
  --text "toy for children" --limit 5 \
  --filter '{"must":[{"key":"category","match":{"value":"Toys_and_Games"}},
                     {"key":"price","range":{"lt":500}},
                     {"key":"average_rating","range":{"gte":4}}]}' | tee "$work/hits"

expect "$work/hits" Toys_and_Games 5
