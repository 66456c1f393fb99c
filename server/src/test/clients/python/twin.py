"""Random operations and questions, asked of CapsDB over REST and of the client's own local mode.

The local mode of the published client is an evaluator in Python that nobody here wrote: where the two
answer differently, one of them is wrong.

usage: twin.py URL KEY [SEED [ROUNDS [POINTS]]]; from some thousand points on they are sealed meanwhile
"""

import math
import random
import sys
import uuid

import twin_more
from qdrant_client import QdrantClient, models

NAME = "twin"
VECTORS = {
    "cos": (8, models.Distance.COSINE),
    "dot": (6, models.Distance.DOT),
    "euc": (5, models.Distance.EUCLID),
    "man": (4, models.Distance.MANHATTAN),
}
WORDS = ["red", "green", "blue", "dark blue", "grey", ""]
CITIES = [(13.4, 52.5), (2.35, 48.85), (-0.13, 51.5), (-74.0, 40.7), (139.7, 35.7)]
DATES = ["2024-01-01T00:00:00Z", "2024-06-15T12:30:00Z", "2025-02-28T23:59:59Z", "2023-03-03T03:03:03Z"]
UUIDS = [str(uuid.UUID(int=i * 7919 + 1)) for i in range(6)]
TOLERANCE = 2e-4
POINTS = int(sys.argv[5]) if len(sys.argv) > 5 else 150


class Twins:
    """Both sides, asked the same."""

    def __init__(self, remote, local, rng):
        self.remote, self.local, self.rng = remote, local, rng
        self.asked = 0

    def both(self, ask):
        return ask(self.remote), ask(self.local)


def vector(rng, size):
    return [round(rng.gauss(0, 1), 6) for _ in range(size)]


def sparse(rng):
    indices = sorted(rng.sample(range(40), rng.randint(1, 8)))
    return models.SparseVector(indices=indices, values=[round(rng.uniform(0.1, 2), 6) for _ in indices])


def some_vectors(rng, least):
    names = [name for name in VECTORS if rng.random() < 0.85]
    while len(names) < least:
        names = [rng.choice(list(VECTORS))]
    made = {name: vector(rng, VECTORS[name][0]) for name in names}
    if rng.random() < 0.7:
        made["words"] = sparse(rng)
    return made


def one_or_many(rng, make):
    return make() if rng.random() < 0.6 else [make() for _ in range(rng.randint(0, 3))]


def payload(rng):
    made = {}
    if rng.random() < 0.8:
        made["color"] = one_or_many(rng, lambda: rng.choice(WORDS))
    if rng.random() < 0.8:
        made["count"] = one_or_many(rng, lambda: rng.randint(-5, 20))
    if rng.random() < 0.7:
        made["price"] = one_or_many(rng, lambda: round(rng.uniform(0, 100), 2))
    if rng.random() < 0.5:
        made["sold"] = rng.random() < 0.5
    if rng.random() < 0.4:
        made["when"] = rng.choice(DATES)
    if rng.random() < 0.4:
        made["key"] = rng.choice(UUIDS)
    if rng.random() < 0.4:
        lon, lat = rng.choice(CITIES)
        made["place"] = {"lon": lon, "lat": lat}
    if rng.random() < 0.5:
        made["shop"] = {"name": rng.choice(WORDS[:3]), "rank": rng.randint(1, 4)}
    if rng.random() < 0.5:
        made["parts"] = [
            {"kind": rng.choice(["bolt", "nut"]), "size": rng.randint(1, 5)} for _ in range(rng.randint(0, 3))
        ]
    if rng.random() < 0.2:
        made["empty"] = rng.choice([None, [], [None], "x"])
    return made


def condition(rng, depth):
    kind = rng.randint(0, 21)
    field = models.FieldCondition
    if kind <= 1:
        return field(key="color", match=models.MatchValue(value=rng.choice(WORDS)))
    if kind == 2:
        return field(key="color", match=models.MatchAny(any=rng.sample(WORDS, 2)))
    if kind == 3:
        return field(key="color", match=models.MatchExcept(**{"except": rng.sample(WORDS, 2)}))
    if kind == 4:
        return field(key="count", match=models.MatchValue(value=rng.randint(-5, 20)))
    if kind == 5:
        return field(key="count", match=models.MatchAny(any=[rng.randint(-5, 20) for _ in range(4)]))
    if kind == 6:
        low = rng.randint(-5, 20)
        return field(key="count", range=models.Range(gte=low, lt=low + rng.randint(0, 10)))
    if kind == 7:
        return field(key="price", range=models.Range(gt=rng.uniform(0, 60), lte=rng.uniform(40, 100)))
    if kind == 8:
        return field(key="sold", match=models.MatchValue(value=rng.random() < 0.5))
    if kind == 9:
        return field(key="when", range=models.DatetimeRange(gte=rng.choice(DATES)))
    if kind == 10:
        lon, lat = rng.choice(CITIES)
        circle = models.GeoRadius(center=models.GeoPoint(lon=lon, lat=lat), radius=rng.choice([1e3, 4e5, 1e6]))
        return field(key="place", geo_radius=circle)
    if kind == 11:
        return field(
            key="place",
            geo_bounding_box=models.GeoBoundingBox(
                top_left=models.GeoPoint(lon=-10, lat=60), bottom_right=models.GeoPoint(lon=20, lat=45)
            ),
        )
    if kind == 12:
        return field(key=rng.choice(["color", "count", "parts"]), values_count=models.ValuesCount(gte=rng.randint(0, 3)))
    if kind == 13:
        return models.IsEmptyCondition(is_empty=models.PayloadField(key=rng.choice(["color", "empty", "shop.rank", "none"])))
    if kind == 14:
        return models.IsNullCondition(is_null=models.PayloadField(key=rng.choice(["color", "empty", "shop.rank"])))
    if kind == 15:
        return models.HasIdCondition(has_id=[rng.randint(1, POINTS) for _ in range(20)] + [UUIDS[0]])
    if kind == 16:
        return models.HasVectorCondition(has_vector=rng.choice(list(VECTORS) + ["words"]))
    if kind == 17:
        inner = models.Filter(
            must=[
                field(key="kind", match=models.MatchValue(value=rng.choice(["bolt", "nut"]))),
                field(key="size", range=models.Range(gte=rng.randint(1, 5))),
            ]
        )
        return models.NestedCondition(nested=models.Nested(key="parts", filter=inner))
    if kind == 18:
        return field(
            key=rng.choice(["shop.name", "parts[].kind", "parts[0].kind"]),
            match=models.MatchValue(value=rng.choice(WORDS[:3] + ["bolt", "nut"])),
        )
    if kind == 19:
        return field(key="key", match=models.MatchAny(any=rng.sample(UUIDS, 2)))
    if kind == 20:
        corners = [models.GeoPoint(lon=lon, lat=lat) for lon, lat in [(-5, 45), (20, 46), (19, 60), (-4, 59), (-5, 45)]]
        return field(key="place", geo_polygon=models.GeoPolygon(exterior=models.GeoLineString(points=corners)))
    if depth == 0:
        return field(key="shop.rank", match=models.MatchValue(value=rng.randint(1, 4)))
    return condition_tree(rng, depth - 1)


def condition_tree(rng, depth=2):
    made = {}
    if rng.random() < 0.6:
        made["must"] = [condition(rng, depth) for _ in range(rng.randint(1, 2))]
    if rng.random() < 0.35:
        made["should"] = [condition(rng, depth) for _ in range(rng.randint(1, 3))]
    if rng.random() < 0.3:
        made["must_not"] = [condition(rng, depth)]
    if rng.random() < 0.15:
        conditions = [condition(rng, depth) for _ in range(3)]
        made["min_should"] = models.MinShould(conditions=conditions, min_count=rng.randint(1, 3))
    return models.Filter(**made)


def maybe_filter(rng):
    return condition_tree(rng) if rng.random() < 0.6 else None


def identifier(rng):
    return rng.choice(UUIDS) if rng.random() < 0.05 else rng.randint(1, POINTS)


def points(rng, count):
    made = {}
    for _ in range(count):
        point = models.PointStruct(id=identifier(rng), vector=some_vectors(rng, 1), payload=payload(rng))
        made[point.id] = point
    return list(made.values())


def change(rng, ids):
    """A change as a function of a client, and what to print of it.

    Payloads of unknown points are an error on a server and none in the local mode.
    """
    kind = rng.randint(0, 13) if len(ids) > 60 else 0
    which = condition_tree(rng) if rng.random() < 0.3 else rng.sample(ids, min(5, len(ids)))
    if kind <= 3:
        made = points(rng, rng.randint(1, 30) if len(ids) > 60 else 100)
        return "upsert", lambda c: c.upsert(NAME, made, wait=True)
    if kind == 4:
        which = which if isinstance(which, models.Filter) else which + [identifier(rng)]
        return f"delete {which}", lambda c: c.delete(NAME, which, wait=True)
    if kind == 5:
        new = payload(rng)
        key = rng.choice([None, None, "shop", "fresh.inner"])
        return f"set {key} {new} {which}", lambda c: c.set_payload(NAME, new, which, key=key, wait=True)
    if kind == 6:
        new = payload(rng)
        return f"overwrite {which}", lambda c: c.overwrite_payload(NAME, new, which, wait=True)
    if kind == 7:
        keys = rng.sample(["color", "count", "shop.rank", "parts[].size", "place", "none"], 2)
        return f"delete keys {keys} {which}", lambda c: c.delete_payload(NAME, keys, which, wait=True)
    if kind == 8:
        return f"clear {which}", lambda c: c.clear_payload(NAME, which, wait=True)
    if kind == 11:
        made, condition = points(rng, 20), condition_tree(rng)
        return f"upsert where {condition}", lambda c: c.upsert(NAME, made, wait=True, update_filter=condition)
    if kind == 12:
        made, mode = points(rng, 20), rng.choice(list(models.UpdateMode))
        return f"upsert {mode}", lambda c: c.upsert(NAME, made, wait=True, update_mode=mode)
    if kind == 13:
        one = points(rng, 5)
        operations = [
            models.UpsertOperation(upsert=models.PointsList(points=one)),
            models.SetPayloadOperation(set_payload=models.SetPayload(payload=payload(rng), points=[one[0].id])),
            models.DeletePayloadOperation(delete_payload=models.DeletePayload(keys=["count"], points=[one[0].id])),
            models.DeleteVectorsOperation(delete_vectors=models.DeleteVectors(vector=["cos"], points=[one[-1].id])),
            models.DeleteOperation(delete=models.PointIdsList(points=[rng.choice(ids)])),
        ]
        return "a batch", lambda c: c.batch_update_points(NAME, operations, wait=True)
    known = rng.sample(ids, 4)
    if kind == 9:
        names = rng.sample(list(VECTORS), 2)
        return f"delete vectors {names} {known}", lambda c: c.delete_vectors(NAME, names, known, wait=True)
    news = [models.PointVectors(id=i, vector=some_vectors(rng, 1)) for i in known]
    return f"update vectors {known}", lambda c: c.update_vectors(NAME, news, wait=True)


def close(a, b):
    return math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def same_scored(ours, theirs, what):
    """Equal scores rank by rank; equal ids but where scores tie, or at the end, where a tie is cut."""
    scores, others = [p.score for p in ours], [p.score for p in theirs]
    assert len(ours) == len(theirs), f"{what}: {len(ours)} hits, expected {len(theirs)}\n{ours}\n{theirs}"
    for a, b in zip(scores, others):
        assert close(a, b), f"{what}: scores {scores}, expected {others}"
    for rank, (a, b) in enumerate(zip(ours, theirs)):
        if a.id == b.id:
            continue
        tied = [p.id for p in theirs if close(p.score, b.score)]
        is_last = close(b.score, theirs[-1].score)
        assert a.id in tied or is_last, f"{what}: rank {rank} is {a.id}, expected {b.id}"


def ask_query(twins, text, **arguments):
    arguments.setdefault("limit", twins.rng.choice([1, 5, 10, 40]))
    ours, theirs = twins.both(lambda c: c.query_points(NAME, **arguments).points)
    same_scored(ours, theirs, f"query {text} {arguments}")


def question(twins, present):
    rng = twins.rng
    kind = rng.randint(0, 32)
    name = rng.choice(list(VECTORS))
    size = VECTORS[name][0]
    chosen = maybe_filter(rng)
    if len(present[name]) < 4:
        return
    some = lambda n: rng.sample(present[name], n)
    if kind > 22:
        twin_more.question(twins, name, size, some, chosen, sys.modules[__name__])
    elif kind <= 2:
        ask_query(
            twins,
            "nearest",
            query=vector(rng, size),
            using=name,
            query_filter=chosen,
            offset=rng.choice([None, 0, 3]),
            search_params=models.SearchParams(exact=True),
        )
    elif kind == 3:
        ask_query(twins, "nearest to id", query=some(1)[0], using=name, query_filter=chosen)
    elif kind == 4:
        limit = {"cos": 0.2, "dot": 0.5, "euc": 2.5, "man": 4.0}[name]
        ask_query(twins, "threshold", query=vector(rng, size), using=name, query_filter=chosen, score_threshold=limit)
    elif kind == 5:
        strategy = rng.choice(list(models.RecommendStrategy))
        negative = some(rng.randint(0, 2))
        query = models.RecommendQuery(
            recommend=models.RecommendInput(positive=some(2), negative=negative, strategy=strategy)
        )
        ask_query(twins, "recommend", query=query, using=name, query_filter=chosen)
    elif kind == 6:
        pairs = [models.ContextPair(positive=a, negative=b) for a, b in zip(some(2), some(2)) if a != b]
        query = models.DiscoverQuery(discover=models.DiscoverInput(target=vector(rng, size), context=pairs))
        ask_query(twins, "discover", query=query, using=name, query_filter=chosen)
    elif kind == 7:
        pairs = [models.ContextPair(positive=a, negative=b) for a, b in zip(some(2), some(2)) if a != b]
        if pairs:
            ask_query(twins, "context", query=models.ContextQuery(context=pairs), using=name, query_filter=chosen)
    elif kind == 8:
        ask_query(twins, "sparse", query=sparse(rng), using="words", query_filter=chosen)
    elif kind == 9:
        other = rng.choice(list(VECTORS))
        prefetch = [
            models.Prefetch(query=vector(rng, size), using=name, limit=20, filter=chosen),
            models.Prefetch(query=vector(rng, VECTORS[other][0]), using=other, limit=20),
        ]
        ask_query(
            twins,
            "fusion",
            prefetch=prefetch,
            query=models.FusionQuery(fusion=rng.choice([models.Fusion.RRF, models.Fusion.DBSF])),
        )
    elif kind == 10:
        prefetch = models.Prefetch(query=vector(rng, size), using=name, limit=25, filter=chosen)
        other = rng.choice(list(VECTORS))
        ask_query(twins, "two stages", prefetch=prefetch, query=vector(rng, VECTORS[other][0]), using=other)
    elif kind == 11:
        query = models.NearestQuery(nearest=vector(rng, size), mmr=models.Mmr(diversity=0.4, candidates_limit=30))
        ask_query(twins, "mmr", query=query, using=name, query_filter=chosen, limit=5)
    elif kind == 12:
        prefetch = models.Prefetch(query=vector(rng, size), using=name, limit=25)
        formula = models.SumExpression(
            sum=[
                "$score",
                models.MultExpression(mult=[0.5, condition(rng, 0)]),
                models.MultExpression(mult=[0.01, "shop.rank"]),
            ]
        )
        ask_query(twins, "formula", prefetch=prefetch, query=models.FormulaQuery(formula=formula, defaults={"shop.rank": 0}))
    elif kind == 13:
        target = vector(rng, size)
        ours, theirs = twins.both(
            lambda c: c.query_points_groups(
                NAME, group_by="shop.rank", query=target, using=name, query_filter=chosen, limit=4, group_size=3
            ).groups
        )
        assert [g.id for g in ours] == [g.id for g in theirs], f"groups {name} {chosen}: {ours}\n{theirs}"
        for a, b in zip(ours, theirs):
            same_scored(a.hits, b.hits, f"group {a.id}")
    elif kind == 14:
        ours, theirs = twins.both(lambda c: c.count(NAME, count_filter=chosen).count)
        assert ours == theirs, f"count {chosen}: {ours}, expected {theirs}"
    elif kind == 15:
        key = rng.choice(["color", "count", "key", "sold"])
        ours, theirs = twins.both(lambda c: c.facet(NAME, key, facet_filter=chosen, limit=50, exact=True).hits)
        assert {(h.value, h.count) for h in ours} == {(h.value, h.count) for h in theirs}, f"facet {key} {chosen}: {ours}\n{theirs}"
    elif kind == 16:
        key = rng.choice(["count", "price", "when"])
        direction = rng.choice(list(models.Direction))
        ours, theirs = twins.both(
            lambda c: c.scroll(
                NAME, scroll_filter=chosen, order_by=models.OrderBy(key=key, direction=direction), limit=30, with_payload=[key]
            )[0]
        )
        left, right = [r.order_value for r in ours], [r.order_value for r in theirs]
        assert left == right, f"ordered by {key} {chosen}: {left}, expected {right}"
    elif kind == 17:
        selector = rng.choice(
            [
                models.PayloadSelectorInclude(include=["color", "shop.name", "parts[].size"]),
                models.PayloadSelectorExclude(exclude=["color", "shop.name", "parts[].size"]),
                ["count", "place.lon"],
            ]
        )
        ids = some(3)
        ours, theirs = twins.both(lambda c: c.retrieve(NAME, ids, with_payload=selector, with_vectors=[name]))
        assert {r.id: r.payload for r in ours} == {r.id: r.payload for r in theirs}, f"retrieve {selector}: {ours}\n{theirs}"
    elif kind == 18:
        query = models.OrderByQuery(order_by=models.OrderBy(key="price", direction=rng.choice(list(models.Direction))))
        ours, theirs = twins.both(lambda c: c.query_points(NAME, query=query, query_filter=chosen, limit=20).points)
        left, right = ([r.order_value for r in side] for side in (ours, theirs))
        assert left == right, f"query ordered by price {chosen}: {left}, expected {right}"
    elif kind == 19:
        weights = [round(rng.uniform(0.5, 3), 2) for _ in range(2)]
        prefetch = [
            models.Prefetch(query=vector(rng, size), using=name, limit=15, filter=chosen),
            models.Prefetch(query=sparse(rng), using="words", limit=15),
        ]
        ask_query(
            twins, "weighted fusion", prefetch=prefetch, query=models.RrfQuery(rrf=models.Rrf(k=rng.choice([None, 10, 60]), weights=weights))
        )
    elif kind == 20:
        query = models.RecommendQuery(
            recommend=models.RecommendInput(positive=[vector(rng, size), some(1)[0]], negative=[vector(rng, size)])
        )
        ask_query(twins, "recommend vectors", query=query, using=name, query_filter=chosen)
    elif kind == 21:
        inner = models.Prefetch(query=vector(rng, size), using=name, limit=60)
        outer = models.Prefetch(prefetch=[inner], query=vector(rng, size), using=name, limit=30, filter=chosen)
        ask_query(twins, "three stages", prefetch=outer, query=vector(rng, size), using=name, score_threshold=None)
    else:
        compare_all(twins, chosen)


def same_vectors(a, b):
    if set(a) != set(b):
        return False
    for name, left in a.items():
        right = b[name]
        if isinstance(left, models.SparseVector):
            if dict(zip(left.indices, left.values)).keys() != dict(zip(right.indices, right.values)).keys():
                return False
        elif not all(close(x, y) for x, y in zip(left, right)):
            return False
    return True


def compare_all(twins, chosen):
    def all_of(client):
        found, offset = [], None
        while True:
            page, offset = client.scroll(NAME, scroll_filter=chosen, limit=40, offset=offset, with_vectors=True)
            found += page
            if offset is None:
                return sorted(found, key=lambda r: str(r.id))

    ours, theirs = twins.both(all_of)
    assert [r.id for r in ours] == [r.id for r in theirs], (
        f"scroll {chosen}: {set(r.id for r in ours) ^ set(r.id for r in theirs)}"
    )
    for a, b in zip(ours, theirs):
        assert (a.payload or {}) == (b.payload or {}), f"payload of {a.id}: {a.payload}, expected {b.payload}"
        assert same_vectors(a.vector or {}, b.vector or {}), f"vectors of {a.id}: {a.vector}, expected {b.vector}"
    return ours


def create(client):
    client.create_collection(
        NAME,
        vectors_config={n: models.VectorParams(size=s, distance=d) for n, (s, d) in VECTORS.items()},
        sparse_vectors_config={"words": models.SparseVectorParams()},
    )


def main():
    url, key = sys.argv[1], sys.argv[2]
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 40
    rng = random.Random(seed)
    twins = Twins(QdrantClient(url=url, api_key=key, timeout=60), QdrantClient(":memory:"), rng)
    for name in (NAME, twin_more.OTHER):
        twins.remote.delete_collection(name)
    twins.both(create)
    shelf = [vector(rng, VECTORS["cos"][0]) for _ in range(40)]
    twins.both(lambda c: twin_more.create_other(c, shelf, VECTORS["cos"][0]))
    # Facets and order need an index on the server; the local mode has none.
    for field, kind in {"color": "keyword", "count": "integer", "price": "float", "when": "datetime", "key": "uuid", "sold": "bool"}.items():
        twins.remote.create_payload_index(NAME, field, kind, wait=True)
    first = points(rng, POINTS)
    twins.both(lambda c: c.upsert(NAME, first, wait=True))
    everything = compare_all(twins, None)
    failures = 0
    for step in range(rounds):
        text, act = change(rng, [r.id for r in everything])
        try:
            twins.both(act)
            everything = compare_all(twins, None)
        except AssertionError as e:
            raise AssertionError(f"seed {seed}, step {step}, after {text}: {e}") from e
        present = {n: [r.id for r in everything if n in r.vector] for n in VECTORS}
        for _ in range(12):
            twins.asked += 1
            try:
                question(twins, present)
            except AssertionError as e:
                failures += 1
                print(f"seed {seed}, step {step}, after {text[:60]}: {str(e)[:1500]}\n")
    assert failures == 0, f"{failures} of {twins.asked} questions were answered differently"
    print(f"twin: all of {twins.asked} answers are equal")


if __name__ == "__main__":
    main()
