// LangChain.js's vector store for Qdrant against a server.
//
// usage: node langchain.mjs URL [API_KEY]
import assert from "node:assert/strict";
import { Embeddings } from "@langchain/core/embeddings";
import { Document } from "@langchain/core/documents";
import { QdrantVectorStore } from "@langchain/qdrant";
import { QdrantClient } from "@qdrant/js-client-rest";

const [url, apiKey] = process.argv.slice(2);

// Counts letters: near enough for a test, and the same on every machine.
class Letters extends Embeddings {
  constructor() {
    super({});
  }
  async embedQuery(text) {
    const counts = new Array(26).fill(0.01);
    for (const letter of text.toLowerCase()) {
      const at = letter.charCodeAt(0) - 97;
      if (at >= 0 && at < 26) counts[at]++;
    }
    return counts;
  }
  async embedDocuments(texts) {
    return Promise.all(texts.map((text) => this.embedQuery(text)));
  }
}

const client = new QdrantClient({ url, apiKey });
const collectionName = "scenario_langchain";
await client.deleteCollection(collectionName);
const store = await QdrantVectorStore.fromDocuments(
  [
    new Document({ pageContent: "zebra zzz", metadata: { kind: "animal", legs: 4 } }),
    new Document({ pageContent: "quick quip", metadata: { kind: "joke", legs: 0 } }),
    new Document({ pageContent: "zither", metadata: { kind: "music", legs: 0 } }),
  ],
  new Letters(),
  { client, collectionName },
);
const found = await store.similaritySearch("zzz zebra", 2);
assert.equal(found[0].pageContent, "zebra zzz");
assert.equal(found[0].metadata.kind, "animal");
const filtered = await store.similaritySearchWithScore("zzz", 5, {
  must: [{ key: "metadata.legs", match: { value: 0 } }],
});
assert.equal(filtered.length, 2);
assert.equal(filtered[0][0].pageContent, "zither");
await store.addDocuments([new Document({ pageContent: "yyy yak", metadata: { kind: "animal" } })]);
assert.equal((await store.similaritySearch("yyyy", 1))[0].metadata.kind, "animal");
await store.delete({ filter: { must: [{ key: "metadata.kind", match: { value: "animal" } }] } });
assert.equal((await client.count(collectionName)).count, 2);
const again = await QdrantVectorStore.fromExistingCollection(new Letters(), {
  client,
  collectionName,
});
assert.equal((await again.similaritySearch("quick", 1))[0].pageContent, "quick quip");
await client.deleteCollection(collectionName);
console.log("langchain.js: all passed");
