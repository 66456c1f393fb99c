"""The published Python client against a server: what people do with it, and what must come back.

usage: scenario.py URL [API_KEY]
"""

import sys
import time
import uuid

from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import UnexpectedResponse

NAME = "scenario_py"


def match(key, value):
    return models.FieldCondition(key=key, match=models.MatchValue(value=value))


def ids(points):
    return [point.id for point in points]


def expect(actual, expected, what):
    if actual != expected:
        raise AssertionError(f"{what}: expected {expected!r}, was {actual!r}")
    print(f"ok: {what}")


def collections(client):
    if client.collection_exists(NAME):
        client.delete_collection(NAME)
    client.create_collection(
        NAME,
        vectors_config=models.VectorParams(size=4, distance=models.Distance.COSINE),
        hnsw_config=models.HnswConfigDiff(m=8),
        optimizers_config=models.OptimizersConfigDiff(indexing_threshold=100),
    )
    expect(client.collection_exists(NAME), True, "the collection exists")
    info = client.get_collection(NAME)
    expect(info.config.params.vectors.size, 4, "its dimension")
    expect(info.config.hnsw_config.m, 8, "settings are answered")
    client.update_collection(
        NAME, optimizers_config=models.OptimizersConfigDiff(indexing_threshold=7)
    )
    info = client.get_collection(NAME)
    expect(info.config.optimizer_config.indexing_threshold, 7, "settings are changed")
    expect(NAME in [c.name for c in client.get_collections().collections], True, "it is listed")
    try:
        client.create_collection(
            NAME, vectors_config=models.VectorParams(size=4, distance=models.Distance.DOT)
        )
        raise AssertionError("made twice")
    except UnexpectedResponse as e:
        expect(e.status_code, 409, "a second one of the name is refused")
    for field, schema in [
        ("city", models.PayloadSchemaType.KEYWORD),
        ("price", models.PayloadSchemaType.FLOAT),
        ("when", models.PayloadSchemaType.DATETIME),
        ("owner", models.KeywordIndexParams(type="keyword", is_tenant=True)),
        (
            "text",
            models.TextIndexParams(
                type="text", tokenizer=models.TokenizerType.WORD, lowercase=True
            ),
        ),
    ]:
        client.create_payload_index(NAME, field, field_schema=schema)
    schema = client.get_collection(NAME).payload_schema
    expect(schema["city"].data_type, models.PayloadSchemaType.KEYWORD, "a declared field")
    expect(schema["owner"].params.is_tenant, True, "a declared tenant")


def upserts(client):
    points = [
        models.PointStruct(
            id=i,
            vector=[1.0, i / 10, 0.0, 0.1],
            payload={
                "city": ["Berlin", "Rome", "Oslo"][i % 3],
                "price": i * 1.5,
                "n": i,
                "tags": ["a", "b"][: i % 3],
                "when": f"2024-01-{i + 1:02d}T00:00:00Z",
                "place": {"lon": 13.4 + i, "lat": 52.5},
                "offers": [{"shop": "x", "cost": i}, {"shop": "y", "cost": 100 - i}],
                "text": "a green tea" if i % 2 else "greenish",
                "maybe": None if i == 5 else i,
            },
        )
        for i in range(20)
    ]
    result = client.upsert(NAME, points, wait=True)
    expect(result.status, models.UpdateStatus.COMPLETED, "an upsert")
    other = str(uuid.uuid4())
    client.upsert(
        NAME,
        models.Batch(ids=[other], vectors=[[0.0, 0.0, 1.0, 0.0]], payloads=[{"city": "Uuid"}]),
    )
    expect(client.retrieve(NAME, [other])[0].id, other, "a point with a UUID")
    client.upload_points(
        NAME, [models.PointStruct(id=2**63 + 1, vector=[0, 0, 0, 1], payload={})], wait=True
    )
    expect(ids(client.retrieve(NAME, [2**63 + 1])), [2**63 + 1], "an id above 2^63")
    client.delete(NAME, models.PointIdsList(points=[other, 2**63 + 1]), wait=True)
    expect(client.count(NAME).count, 20, "deleted by id")
    found = client.retrieve(NAME, [3, 77], with_vectors=True)
    expect(ids(found), [3], "missing ids are left out")
    expect(round(sum(x * x for x in found[0].vector), 4), 1.0, "cosine vectors have length 1")


def filters(client):
    condition = models.FieldCondition
    cases = {
        "match value": (models.Filter(must=[match("city", "Berlin")]), 7),
        "match integer": (models.Filter(must=[match("n", 3)]), 1),
        "match any": (
            models.Filter(must=condition(key="city", match=models.MatchAny(any=["Rome", "Oslo"]))),
            13,
        ),
        "match except": (
            models.Filter(
                must=[condition(key="city", match=models.MatchExcept(**{"except": ["Rome"]}))]
            ),
            13,
        ),
        "match text": (
            models.Filter(must=[condition(key="text", match=models.MatchText(text="green"))]),
            10,
        ),
        "range": (
            models.Filter(must=[condition(key="price", range=models.Range(gte=3, lt=6))]),
            2,
        ),
        "dates": (
            models.Filter(
                must=[
                    condition(
                        key="when",
                        range=models.DatetimeRange(gt="2024-01-18T00:00:00Z"),
                    )
                ]
            ),
            2,
        ),
        "radius": (
            models.Filter(
                must=[
                    condition(
                        key="place",
                        geo_radius=models.GeoRadius(
                            center=models.GeoPoint(lon=13.4, lat=52.5), radius=100_000
                        ),
                    )
                ]
            ),
            2,
        ),
        "box": (
            models.Filter(
                must=[
                    condition(
                        key="place",
                        geo_bounding_box=models.GeoBoundingBox(
                            top_left=models.GeoPoint(lon=13, lat=53),
                            bottom_right=models.GeoPoint(lon=15, lat=52),
                        ),
                    )
                ]
            ),
            2,
        ),
        "polygon": (
            models.Filter(
                must=[
                    condition(
                        key="place",
                        geo_polygon=models.GeoPolygon(
                            exterior=models.GeoLineString(
                                points=[
                                    models.GeoPoint(lon=lon, lat=lat)
                                    for lon, lat in [
                                        (13, 52),
                                        (16, 52),
                                        (16, 53),
                                        (13, 53),
                                        (13, 52),
                                    ]
                                ]
                            )
                        ),
                    )
                ]
            ),
            3,
        ),
        "values count": (
            models.Filter(
                must=[condition(key="tags", values_count=models.ValuesCount(gte=2))]
            ),
            6,
        ),
        "is empty": (
            models.Filter(
                must=[models.IsEmptyCondition(is_empty=models.PayloadField(key="tags"))]
            ),
            7,
        ),
        "is null": (
            models.Filter(must=[models.IsNullCondition(is_null=models.PayloadField(key="maybe"))]),
            1,
        ),
        "has id": (models.Filter(must=[models.HasIdCondition(has_id=[1, 2, 99])]), 2),
        "has vector": (models.Filter(must=[models.HasVectorCondition(has_vector="")]), 20),
        "nested": (
            models.Filter(
                must=[
                    models.NestedCondition(
                        nested=models.Nested(
                            key="offers",
                            filter=models.Filter(
                                must=[
                                    match("shop", "y"),
                                    condition(key="cost", range=models.Range(lt=83)),
                                ]
                            ),
                        )
                    )
                ]
            ),
            2,
        ),
        "array path": (models.Filter(must=[match("offers[].cost", 4)]), 1),
        "should and must not": (
            models.Filter(
                should=[match("city", "Rome"), match("city", "Oslo")], must_not=[match("n", 1)]
            ),
            12,
        ),
        "min should": (
            models.Filter(
                min_should=models.MinShould(
                    conditions=[
                        match("city", "Berlin"),
                        match("tags", "a"),
                        condition(key="n", range=models.Range(lt=10)),
                    ],
                    min_count=2,
                )
            ),
            10,
        ),
        "filter in filter": (
            models.Filter(must=[models.Filter(must_not=[match("city", "Rome")])]),
            13,
        ),
    }
    for name, (query_filter, expected) in cases.items():
        expect(client.count(NAME, count_filter=query_filter).count, expected, name)
        hits = client.query_points(
            NAME, query=[1.0, 0.0, 0.0, 0.0], query_filter=query_filter, limit=100
        ).points
        expect(len(hits), expected, f"{name}, searched")


def queries(client):
    near = client.query_points(NAME, query=[1.0, 0.0, 0.0, 0.1], limit=3, with_payload=True).points
    expect(ids(near), [0, 1, 2], "nearest to a vector")
    expect(near[0].payload["city"], "Berlin", "with payload")
    expect(ids(client.query_points(NAME, query=0, limit=2).points), [1, 2], "nearest to an id")
    expect(
        len(client.query_points(NAME, query=[1.0, 0, 0, 0.1], score_threshold=0.99).points) < 10,
        True,
        "a score threshold",
    )
    chosen = client.query_points(
        NAME, query=0, limit=1, with_payload=models.PayloadSelectorInclude(include=["city"])
    ).points
    expect(chosen[0].payload, {"city": "Rome"}, "some of the payload")
    recommended = client.query_points(
        NAME,
        query=models.RecommendQuery(
            recommend=models.RecommendInput(positive=[0, 1], negative=[19])
        ),
        limit=2,
    ).points
    expect(ids(recommended), [2, 3], "recommended")
    best = client.query_points(
        NAME,
        query=models.RecommendQuery(
            recommend=models.RecommendInput(
                positive=[10], strategy=models.RecommendStrategy.BEST_SCORE
            )
        ),
        limit=1,
    ).points
    expect(ids(best)[0] in (9, 11), True, "recommended by best score")
    ordered = client.query_points(
        NAME,
        query=models.OrderByQuery(
            order_by=models.OrderBy(key="price", direction=models.Direction.DESC)
        ),
        limit=2,
    ).points
    expect(ids(ordered), [19, 18], "ordered")
    sampled = client.query_points(
        NAME, query=models.SampleQuery(sample=models.Sample.RANDOM), limit=5
    ).points
    expect(len(set(ids(sampled))), 5, "sampled")
    fused = client.query_points(
        NAME,
        prefetch=[
            models.Prefetch(query=[1.0, 0.0, 0.0, 0.1], limit=2),
            models.Prefetch(query=[0.0, 1.0, 0.0, 0.0], limit=2),
        ],
        query=models.FusionQuery(fusion=models.Fusion.RRF),
    ).points
    expect(sorted(ids(fused)), [0, 1, 18, 19], "fused by rank")
    expect(fused[0].score, 0.5, "its score")
    client.query_points(
        NAME,
        prefetch=[models.Prefetch(query=[1.0, 0, 0, 0.1], limit=5)],
        query=models.FusionQuery(fusion=models.Fusion.DBSF),
    )
    diverse = client.query_points(
        NAME,
        query=models.NearestQuery(
            nearest=[1.0, 0.0, 0.0, 0.1], mmr=models.Mmr(diversity=0.5, candidates_limit=20)
        ),
        limit=3,
    ).points
    expect(len(set(ids(diverse))), 3, "diverse hits")
    boosted = client.query_points(
        NAME,
        prefetch=[models.Prefetch(query=[1.0, 0.0, 0.0, 0.1], limit=20)],
        query=models.FormulaQuery(
            formula=models.SumExpression(
                sum=[
                    "$score",
                    models.MultExpression(
                        mult=[
                            100.0,
                            models.FieldCondition(
                                key="city", match=models.MatchValue(value="Berlin")
                            ),
                        ]
                    ),
                    models.ExpDecayExpression(
                        exp_decay=models.DecayParamsExpression(x="missing", scale=2.0)
                    ),
                ]
            ),
            defaults={"missing": 1},
        ),
        limit=3,
        with_payload=True,
    ).points
    expect({hit.payload["city"] for hit in boosted}, {"Berlin"}, "scores of a formula")
    groups = client.query_points_groups(
        NAME, group_by="city", query=[1.0, 0.0, 0.0, 0.1], limit=3, group_size=2
    ).groups
    expect([group.id for group in groups], ["Berlin", "Rome", "Oslo"], "grouped")
    expect([len(group.hits) for group in groups], [2, 2, 2], "hits of groups")
    batch = client.query_batch_points(
        NAME, [models.QueryRequest(query=[1.0, 0, 0, 0.1], limit=1), models.QueryRequest(query=3)]
    )
    expect([len(answer.points) for answer in batch], [1, 10], "a batch")
    hits = client.facet(NAME, key="city").hits
    expect([(hit.value, hit.count) for hit in hits][0], ("Berlin", 7), "facets")


def scrolls(client):
    seen, offset = [], None
    while True:
        points, offset = client.scroll(NAME, limit=7, offset=offset, with_payload=False)
        seen += ids(points)
        if offset is None:
            break
    expect(seen, list(range(20)), "scrolled page by page")
    points, _ = client.scroll(
        NAME, order_by=models.OrderBy(key="when", start_from="2024-01-19T00:00:00Z")
    )
    expect(ids(points), [18, 19], "scrolled in the order of a field")


def changes(client):
    client.set_payload(NAME, {"new": 1}, points=[0])
    client.set_payload(NAME, {"deep": True}, points=[0], key="place")
    expect(client.retrieve(NAME, [0])[0].payload["place"]["deep"], True, "set at a path")
    client.overwrite_payload(NAME, {"only": 1}, points=[1])
    expect(client.retrieve(NAME, [1])[0].payload, {"only": 1}, "overwritten")
    client.delete_payload(NAME, ["new", "place.deep"], points=[0])
    payload = client.retrieve(NAME, [0])[0].payload
    expect(("new" in payload, "deep" in payload["place"]), (False, False), "keys deleted")
    client.clear_payload(NAME, points_selector=[1])
    expect(client.retrieve(NAME, [1])[0].payload, {}, "cleared")
    client.update_vectors(NAME, [models.PointVectors(id=0, vector=[0.0, 0.0, 0.0, 1.0])])
    expect(client.retrieve(NAME, [0], with_vectors=True)[0].vector, [0, 0, 0, 1], "a vector set")
    results = client.batch_update_points(
        NAME,
        [
            models.UpsertOperation(
                upsert=models.PointsList(
                    points=[models.PointStruct(id=50, vector=[1, 1, 1, 1], payload={})]
                )
            ),
            models.SetPayloadOperation(
                set_payload=models.SetPayload(payload={"x": 1}, points=[50])
            ),
            models.DeleteOperation(delete=models.PointIdsList(points=[2])),
        ],
    )
    expect(len(results), 3, "a batch of changes")
    expect(client.retrieve(NAME, [50])[0].payload, {"x": 1}, "its steps are done in order")
    client.delete(NAME, models.FilterSelector(filter=models.Filter(must=[match("city", "Oslo")])))
    expect(
        client.count(NAME, count_filter=models.Filter(must=[match("city", "Oslo")])).count,
        0,
        "deleted by a filter",
    )


def named(client):
    name = NAME + "_named"
    client.delete_collection(name)
    client.create_collection(
        name,
        vectors_config={
            "image": models.VectorParams(size=2, distance=models.Distance.EUCLID),
            "text": models.VectorParams(size=3, distance=models.Distance.MANHATTAN),
        },
    )
    client.upsert(
        name,
        [
            models.PointStruct(id=1, vector={"image": [1, 0], "text": [1, 2, 3]}),
            models.PointStruct(id=2, vector={"image": [0, 1]}),
        ],
    )
    hits = client.query_points(name, query=[0.0, 3.0], using="image").points
    expect([(hit.id, round(hit.score, 4)) for hit in hits], [(2, 2.0), (1, 3.1623)], "named")
    expect(ids(client.query_points(name, query=[1, 2, 3], using="text").points), [1], "partial")
    client.delete_vectors(name, vectors=["text"], points=[1])
    expect(ids(client.query_points(name, query=[1, 2, 3], using="text").points), [], "removed")
    client.delete_collection(name)


def sparse(client):
    name = NAME + "_sparse"
    if client.collection_exists(name):
        client.delete_collection(name)
    client.create_collection(
        name,
        vectors_config={"dense": models.VectorParams(size=2, distance=models.Distance.DOT)},
        sparse_vectors_config={
            "words": models.SparseVectorParams(),
            "rare": models.SparseVectorParams(modifier=models.Modifier.IDF),
        },
    )
    params = client.get_collection(name).config.params
    expect(params.sparse_vectors["rare"].modifier, models.Modifier.IDF, "a modifier")
    client.upsert(
        name,
        points=[
            models.PointStruct(
                id=i,
                vector={
                    "dense": [1.0, i],
                    "words": models.SparseVector(indices=[i, 4_000_000_000], values=[1.0, i]),
                    "rare": models.SparseVector(
                        indices=[5, 6][: 1 + i // 3], values=[1.0, 1.0][: 1 + i // 3]
                    ),
                },
            )
            for i in (1, 2, 3)
        ],
    )
    query = models.SparseVector(indices=[4_000_000_000, 1], values=[2.0, 10.0])
    hits = client.query_points(name, query=query, using="words", with_vectors=True).points
    expect([(hit.id, hit.score) for hit in hits], [(1, 12.0), (3, 6.0), (2, 4.0)], "sparse hits")
    expect(hits[1].vector["words"].indices, [3, 4_000_000_000], "a sparse vector")
    rare = models.SparseVector(indices=[5, 6], values=[1.0, 1.0])
    expect(client.query_points(name, query=rare, using="rare", limit=1).points[0].id, 3, "idf")
    fused = client.query_points(
        name,
        prefetch=[
            models.Prefetch(query=query, using="words", limit=3),
            models.Prefetch(query=[0.0, 1.0], using="dense", limit=3),
        ],
        query=models.FusionQuery(fusion=models.Fusion.RRF),
    ).points
    expect(sorted(ids(fused)), [1, 2, 3], "dense and sparse fused")
    client.delete_collection(name)


def snapshots(client):
    made = client.create_snapshot(NAME)
    expect([s.name for s in client.list_snapshots(NAME)], [made.name], "a snapshot")
    expect(len(made.checksum), 64, "its checksum")
    count = client.count(NAME).count
    client.delete(NAME, points_selector=models.Filter())
    expect(client.count(NAME).count, 0, "nothing is left")
    expect(
        client.recover_snapshot(
            NAME, location=f"file:snapshots/{NAME}/{made.name}", checksum=made.checksum, wait=True
        ),
        True,
        "recovered",
    )
    expect(client.count(NAME).count, count, "all points are back")
    expect(client.delete_snapshot(NAME, made.name), True, "deleted")


def aliases(client):
    client.update_collection_aliases(
        [
            models.CreateAliasOperation(
                create_alias=models.CreateAlias(collection_name=NAME, alias_name="alias_py")
            )
        ]
    )
    expect(client.collection_exists("alias_py"), True, "an alias")
    expect([a.alias_name for a in client.get_aliases().aliases], ["alias_py"], "it is listed")
    client.update_collection_aliases(
        [models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name="alias_py"))]
    )


def main():
    url = sys.argv[1]
    key = sys.argv[2] if len(sys.argv) > 2 else None
    client = QdrantClient(url=url, api_key=key, timeout=30)
    expect(client.info().version[:2], "1.", "the version of the API")
    begin = time.monotonic()
    for step in (
        collections,
        upserts,
        filters,
        queries,
        scrolls,
        changes,
        named,
        sparse,
        snapshots,
        aliases,
    ):
        print(f"--- {step.__name__}")
        step(client)
    expect(client.delete_collection(NAME), True, "dropped")
    print(f"python client: all passed in {time.monotonic() - begin:.1f} s")


main()
