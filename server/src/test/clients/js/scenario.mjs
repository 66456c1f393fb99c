// The published JavaScript client against a server: what people do with it, and what must come back.
//
// usage: node scenario.mjs URL [API_KEY]
import assert from "node:assert/strict";
import { QdrantClient } from "@qdrant/js-client-rest";

const [url, apiKey] = process.argv.slice(2);
const client = new QdrantClient({ url, apiKey });
const name = "scenario_js";
const ids = (points) => points.map((point) => point.id);
const must = (...conditions) => ({ must: conditions });

function expect(actual, expected, what) {
  assert.deepEqual(actual, expected, what);
  console.log("ok: " + what);
}

await client.deleteCollection(name);
expect(
  await client.createCollection(name, { vectors: { size: 4, distance: "Dot" } }),
  true,
  "a collection is made",
);
expect((await client.collectionExists(name)).exists, true, "it exists");
const info = await client.getCollection(name);
expect(info.status, "green", "its status");
expect(info.config.params.vectors.distance, "Dot", "its distance");
for (const [field, schema] of [
  ["city", "keyword"],
  ["n", "integer"],
]) {
  await client.createPayloadIndex(name, { field_name: field, field_schema: schema, wait: true });
}
expect(
  Object.keys((await client.getCollection(name)).payload_schema),
  ["city", "n"],
  "declared fields",
);

const points = Array.from({ length: 12 }, (_, i) => ({
  id: i + 1,
  vector: [i + 1, 12 - i, 0, 0],
  payload: {
    city: ["Berlin", "Rome", "Oslo"][i % 3],
    n: i,
    tags: i % 2 ? ["odd"] : [],
    place: { lon: 10 + i, lat: 50 },
    offers: [{ shop: "x", cost: i }],
    when: `2024-02-${String(i + 1).padStart(2, "0")}`,
  },
}));
expect((await client.upsert(name, { wait: true, points })).status, "completed", "an upsert");
expect((await client.count(name, { exact: true })).count, 12, "counted");
expect(
  ids(await client.retrieve(name, { ids: [3, 99, 1], with_vector: true })),
  [3, 1],
  "retrieved",
);

const cases = [
  ["match", must({ key: "city", match: { value: "Rome" } }), 4],
  ["any", must({ key: "city", match: { any: ["Rome", "Oslo"] } }), 8],
  ["except", must({ key: "city", match: { except: ["Rome"] } }), 8],
  ["text", must({ key: "city", match: { text: "erl" } }), 4],
  ["range", must({ key: "n", range: { gte: 2, lt: 5 } }), 3],
  ["dates", must({ key: "when", range: { lte: "2024-02-03T00:00:00Z" } }), 3],
  ["values count", must({ key: "tags", values_count: { lt: 1 } }), 6],
  ["is empty", must({ is_empty: { key: "tags" } }), 6],
  ["is null", must({ is_null: { key: "tags" } }), 0],
  ["has id", must({ has_id: [1, 2, 99] }), 2],
  ["has vector", must({ has_vector: "" }), 12],
  ["nested", must({ nested: { key: "offers", filter: must({ key: "cost", match: { value: 4 } }) } }), 1],
  ["array path", must({ key: "offers[].cost", match: { value: 4 } }), 1],
  ["radius", must({ key: "place", geo_radius: { center: { lon: 10, lat: 50 }, radius: 80000 } }), 2],
  [
    "box",
    must({
      key: "place",
      geo_bounding_box: { top_left: { lon: 9, lat: 51 }, bottom_right: { lon: 11.5, lat: 49 } },
    }),
    2,
  ],
  ["should", { should: [{ key: "n", match: { value: 1 } }, { key: "n", match: { value: 2 } }] }, 2],
  ["must not", { must_not: [{ key: "city", match: { value: "Rome" } }] }, 8],
  [
    "min should",
    {
      min_should: {
        conditions: [
          { key: "city", match: { value: "Rome" } },
          { key: "n", range: { lt: 6 } },
        ],
        min_count: 2,
      },
    },
    2,
  ],
];
for (const [what, filter, expected] of cases) {
  expect((await client.count(name, { filter })).count, expected, what);
  const found = await client.query(name, { query: [1, 0, 0, 0], filter, limit: 100 });
  expect(found.points.length, expected, what + ", queried");
}

expect(ids(await client.search(name, { vector: [1, 0, 0, 0], limit: 2 })), [12, 11], "searched");
expect(
  ids((await client.query(name, { query: 12, limit: 1, with_payload: ["city"] })).points),
  [11],
  "nearest to an id",
);
expect(
  ids((await client.query(name, { query: { recommend: { positive: [12] } }, limit: 2 })).points),
  [11, 10],
  "recommended",
);
expect(
  ids((await client.query(name, { query: { order_by: { key: "n", direction: "desc" } }, limit: 2 })).points),
  [12, 11],
  "ordered",
);
expect(
  (await client.query(name, { query: { sample: "random" }, limit: 3 })).points.length,
  3,
  "sampled",
);
expect(
  ids(
    (
      await client.query(name, {
        prefetch: [
          { query: [1, 0, 0, 0], limit: 1 },
          { query: [0, 1, 0, 0], limit: 1 },
        ],
        query: { fusion: "rrf" },
      })
    ).points,
  ),
  [1, 12],
  "fused",
);
expect(
  (await client.queryGroups(name, { query: [1, 0, 0, 0], group_by: "city", limit: 5, group_size: 1 }))
    .groups.map((group) => [group.id, group.hits[0].id]),
  [
    ["Oslo", 12],
    ["Rome", 11],
    ["Berlin", 10],
  ],
  "grouped",
);
expect(
  (await client.queryBatch(name, { searches: [{ query: [1, 0, 0, 0], limit: 1 }, { query: 1, limit: 2 }] }))
    .map((answer) => answer.points.length),
  [1, 2],
  "a batch of queries",
);
expect(
  (await client.facet(name, { key: "city", limit: 1 })).hits,
  [{ value: "Berlin", count: 4 }],
  "facets",
);

expect(
  ids(
    (
      await client.query(name, {
        query: { nearest: [1, 0, 0, 0], mmr: { diversity: 1, candidates_limit: 12 } },
        limit: 2,
      })
    ).points,
  ),
  [12, 1],
  "diverse hits",
);
expect(
  (
    await client.query(name, {
      prefetch: { query: [1, 0, 0, 0], limit: 3 },
      query: {
        formula: {
          sum: ["$score", { mult: [100, { key: "city", match: { value: "Berlin" } }] }, "bonus"],
        },
        defaults: { bonus: 0.5 },
      },
    })
  ).points.map((point) => [point.id, point.score]),
  [
    [10, 110.5],
    [12, 12.5],
    [11, 11.5],
  ],
  "scores of a formula",
);

const page = await client.scroll(name, { limit: 5, with_payload: false });
expect(ids(page.points), [1, 2, 3, 4, 5], "a page");
expect(page.next_page_offset, 6, "the next page");
expect(
  ids((await client.scroll(name, { order_by: { key: "n", direction: "desc" }, limit: 2 })).points),
  [12, 11],
  "scrolled in an order",
);

await client.setPayload(name, { payload: { x: 1 }, points: [1], wait: true });
await client.overwritePayload(name, { payload: { only: 1 }, points: [2], wait: true });
await client.deletePayload(name, { keys: ["n"], points: [1], wait: true });
await client.clearPayload(name, { points: [3], wait: true });
const changed = await client.retrieve(name, { ids: [1, 2, 3] });
expect([changed[0].payload.x, "n" in changed[0].payload], [1, false], "payload set and deleted");
expect([changed[1].payload, changed[2].payload], [{ only: 1 }, {}], "overwritten and cleared");
await client.updateVectors(name, { points: [{ id: 1, vector: [9, 9, 9, 9] }], wait: true });
expect(
  (await client.retrieve(name, { ids: [1], with_vector: true }))[0].vector,
  [9, 9, 9, 9],
  "a vector set",
);
const steps = await client.batchUpdate(name, {
  wait: true,
  operations: [
    { upsert: { points: [{ id: 40, vector: [1, 1, 1, 1], payload: {} }] } },
    { set_payload: { payload: { y: 2 }, points: [40] } },
    { delete: { points: [4] } },
  ],
});
expect(steps.length, 3, "a batch of changes");
await client.delete(name, { wait: true, filter: must({ key: "city", match: { value: "Oslo" } }) });
expect((await client.count(name)).count, 8 + 1, "deleted by a filter and by id");

const snapshot = await client.createSnapshot(name);
expect((await client.listSnapshots(name)).map((each) => each.name), [snapshot.name], "a snapshot");
const before = (await client.count(name)).count;
await client.delete(name, { wait: true, filter: {} });
expect((await client.count(name)).count, 0, "nothing is left");
expect(
  await client.recoverSnapshot(name, {
    location: `file:snapshots/${name}/${snapshot.name}`,
    checksum: snapshot.checksum,
    priority: "snapshot",
  }),
  true,
  "recovered from the snapshot",
);
expect((await client.count(name)).count, before, "all points are back");
expect(await client.deleteSnapshot(name, snapshot.name), true, "it is deleted");

const words = name + "_words";
await client.deleteCollection(words);
await client.createCollection(words, {
  vectors: { image: { size: 2, distance: "Dot" } },
  sparse_vectors: { words: {}, rare: { modifier: "idf" } },
});
expect(
  (await client.getCollection(words)).config.params.sparse_vectors.rare.modifier,
  "idf",
  "a modifier",
);
await client.upsert(words, {
  wait: true,
  points: [
    { id: 1, vector: { image: [1, 0], words: { indices: [7, 3], values: [2, 1] } } },
    {
      id: 2,
      vector: { words: { indices: [3, 4294967295], values: [4, 5] }, rare: { indices: [1, 2], values: [1, 1] } },
    },
    { id: 3, vector: { image: [0, 1], rare: { indices: [1], values: [1] } } },
  ],
});
expect(
  (await client.retrieve(words, { ids: [2], with_vector: ["words"] }))[0].vector,
  { words: { indices: [3, 4294967295], values: [4, 5] } },
  "a sparse vector",
);
const sparse = { query: { indices: [3, 7], values: [1, 10] }, using: "words" };
expect(
  (await client.query(words, { ...sparse, limit: 5 })).points.map((point) => [point.id, point.score]),
  [
    [1, 21],
    [2, 4],
  ],
  "sparse hits",
);
expect(
  ids((await client.query(words, { query: { indices: [1, 2], values: [1, 1] }, using: "rare" })).points),
  [2, 3],
  "rare words count more",
);
expect(
  ids(
    (
      await client.query(words, {
        prefetch: [{ ...sparse, limit: 3 }, { query: [0, 1], using: "image", limit: 3 }],
        query: { fusion: "rrf" },
      })
    ).points,
  ).sort(),
  [1, 2, 3],
  "dense and sparse fused",
);
await client.updateVectors(words, {
  wait: true,
  points: [{ id: 3, vector: { words: { indices: [9], values: [1] } } }],
});
expect(
  ids((await client.query(words, { query: { indices: [9], values: [1] }, using: "words" })).points),
  [3],
  "a sparse vector set",
);
await client.deleteVectors(words, { points: [3], vector: ["words"], wait: true });
expect(
  (await client.query(words, { query: { indices: [9], values: [1] }, using: "words" })).points.length,
  0,
  "and deleted",
);
await client.deleteCollection(words);

await client.updateCollectionAliases({
  actions: [{ create_alias: { collection_name: name, alias_name: "alias_js" } }],
});
expect((await client.getCollectionAliases(name)).aliases.length, 1, "an alias");
await client.updateCollectionAliases({ actions: [{ delete_alias: { alias_name: "alias_js" } }] });
await client.updateCollection(name, { optimizers_config: { indexing_threshold: 5 } });
expect(
  (await client.getCollection(name)).config.optimizer_config.indexing_threshold,
  5,
  "settings changed",
);
await assert.rejects(client.getCollection("nowhere"), (e) => e.status === 404);
console.log("ok: a missing collection is a 404");
expect(await client.deleteCollection(name), true, "dropped");
console.log("javascript client: all passed");
