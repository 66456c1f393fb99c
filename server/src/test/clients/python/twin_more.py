"""More questions for both sides of twin.py: expressions, groups, feedback, matrices, other collections."""

from qdrant_client import models

OTHER = "twin-shelf"
PLACE = {"lon": 10.0, "lat": 50.0}


def expression(rng, depth, condition):
    """A random expression that has a value for every point: all fields have defaults."""
    leaves = 7
    kind = rng.randint(0, leaves if depth == 0 else 20)
    inner = lambda: expression(rng, depth - 1, condition)
    positive = lambda: models.SumExpression(sum=[0.1, models.AbsExpression(abs=inner())])
    decay = lambda: models.DecayParamsExpression(
        x=inner(), target=rng.choice([None, 2.5]), scale=rng.choice([None, 4.0]), midpoint=rng.choice([None, 0.25])
    )
    if kind <= 1:
        return round(rng.uniform(-3, 3), 3)
    if kind == 2:
        return rng.choice(["$score", "$score[0]", "$score[1]"])
    if kind <= 4:
        return rng.choice(["shop.rank", "nothing"])
    if kind == 5:
        return condition(rng, 0)
    if kind == 6:
        kilometres = models.GeoDistance(geo_distance=models.GeoDistanceParams(origin=models.GeoPoint(lon=13.4, lat=52.5), to="place"))
        return models.MultExpression(mult=[1e-6, kilometres])
    if kind == 7:
        seconds = models.SumExpression(
            sum=[models.DatetimeKeyExpression(datetime_key="when"), models.NegExpression(neg=models.DatetimeExpression(datetime="2024-02-02"))]
        )
        return models.MultExpression(mult=[1e-7, seconds])
    some = [inner() for _ in range(rng.randint(1, 3))]
    if kind <= 9:
        return models.SumExpression(sum=some)
    if kind == 10:
        return models.MultExpression(mult=some)
    if kind == 11:
        return models.MaxExpression(max=some)
    if kind == 12:
        return models.MinExpression(min=some)
    if kind == 13:
        return models.NegExpression(neg=inner())
    if kind == 14:
        return models.DivExpression(div=models.DivParams(left=inner(), right=positive()))
    if kind == 15:
        return models.SqrtExpression(sqrt=positive())
    if kind == 16:
        return models.PowExpression(pow=models.PowParams(base=positive(), exponent=rng.choice([0.5, 2, -1])))
    if kind == 17:
        return rng.choice([lambda: models.LnExpression(ln=positive()), lambda: models.Log10Expression(log10=positive())])()
    if kind == 18:
        return models.AcoshExpression(acosh=models.SumExpression(sum=[1, positive()]))
    if kind == 19:
        return models.LinDecayExpression(lin_decay=decay())
    return rng.choice(
        [lambda: models.ExpDecayExpression(exp_decay=decay()), lambda: models.GaussDecayExpression(gauss_decay=decay())]
    )()


def create_other(client, rng_vector, size):
    """A second collection whose points have ids 1 to 40, and a vector `cos`."""
    client.create_collection(OTHER, vectors_config={"cos": models.VectorParams(size=size, distance=models.Distance.COSINE)})
    client.upsert(
        OTHER,
        [models.PointStruct(id=i + 1, vector={"cos": v}, payload={"name": f"shelf {i}"}) for i, v in enumerate(rng_vector)],
        wait=True,
    )


def same_groups(ours, theirs, same_scored, what):
    """The same groups but where the best scores of the last ones tie."""
    assert len(ours) == len(theirs), f"{what}: {len(ours)} groups, expected {len(theirs)}\n{ours}\n{theirs}"
    assert [g.id for g in ours] == [g.id for g in theirs], f"{what}: {[g.id for g in ours]}, expected {[g.id for g in theirs]}"
    for a, b in zip(ours, theirs):
        same_scored(a.hits, b.hits, f"{what}, group {a.id}")
        assert (a.lookup and a.lookup.payload) == (b.lookup and b.lookup.payload), f"{what}: lookup of {a.id}: {a.lookup}, expected {b.lookup}"


def question(twins, name, size, some, chosen, tools):
    """One of the questions; `tools` are functions of twin.py."""
    rng = twins.rng
    kind = rng.randint(0, 9)
    vector = tools.vector
    if kind <= 2:
        prefetch = [
            models.Prefetch(query=vector(rng, size), using=name, limit=25, filter=chosen),
            models.Prefetch(query=tools.sparse(rng), using="words", limit=10),
        ]
        formula = models.FormulaQuery(
            formula=expression(rng, 3, tools.condition),
            defaults={"shop.rank": 2, "nothing": -1.5, "place": PLACE, "when": "2024-01-01T00:00:00Z", "$score[1]": 0.5},
        )
        tools.ask_query(twins, "expression", prefetch=prefetch, query=formula)
    elif kind == 3:
        key = rng.choice(["color", "count", "key", "shop.rank", "parts[].kind"])
        target = vector(rng, size)
        lookup = models.WithLookup(collection=OTHER, with_payload=True) if key in ("count", "shop.rank") and rng.random() < 0.5 else None
        limit, size_of = rng.choice([(3, 1), (20, 2), (50, 50)])
        ours, theirs = twins.both(
            lambda c: c.query_points_groups(
                tools.NAME, group_by=key, query=target, using=name, query_filter=chosen, limit=limit, group_size=size_of, with_lookup=lookup
            ).groups
        )
        same_groups(ours, theirs, tools.same_scored, f"groups by {key} of {name} {chosen}")
    elif kind == 4:
        feedback = [
            models.FeedbackItem(example=rng.choice([vector(rng, size), some(1)[0]]), score=round(rng.uniform(-1, 1), 2))
            for _ in range(rng.randint(0, 4))
        ]
        strategy = models.NaiveFeedbackStrategy(
            naive=models.NaiveFeedbackStrategyParams(a=round(rng.uniform(0, 2), 2), b=rng.choice([0.5, 1, 2]), c=round(rng.uniform(0, 2), 2))
        )
        query = models.RelevanceFeedbackQuery(
            relevance_feedback=models.RelevanceFeedbackInput(
                target=rng.choice([vector(rng, size), some(1)[0]]), feedback=feedback, strategy=strategy
            )
        )
        tools.ask_query(twins, "feedback", query=query, using=name, query_filter=chosen)
    elif kind == 5:
        if tools.POINTS > 1_000:
            return  # a sample is drawn, by each side its own
        ask = lambda c: c.search_matrix_pairs(tools.NAME, query_filter=chosen, sample=1_000, limit=3, using=name).pairs
        ours, theirs = ({(p.a, p.b): p.score for p in side} for side in twins.both(ask))
        # Which of equally near ones come last is not said, so scores are compared where both have a pair.
        assert len(ours) == len(theirs), f"matrix {name} {chosen}: {len(ours)} pairs, expected {len(theirs)}"
        for pair in ours.keys() & theirs.keys():
            assert tools.close(ours[pair], theirs[pair]), f"matrix {name} {pair}: {ours[pair]}, expected {theirs[pair]}"
        missing = len(theirs.keys() - ours.keys())
        assert missing <= len(theirs) // 10, f"matrix {name} {chosen}: {missing} of {len(theirs)} pairs are missing"
    elif kind == 6:
        lookup = models.LookupLocation(collection=OTHER, vector="cos")
        example = rng.randint(1, 40)
        query = rng.choice(
            [
                example,
                models.RecommendQuery(recommend=models.RecommendInput(positive=[example, 1 + example % 40])),
                models.RecommendQuery(
                    recommend=models.RecommendInput(
                        positive=[example], negative=[1 + example % 40], strategy=models.RecommendStrategy.BEST_SCORE
                    )
                ),
            ]
        )
        tools.ask_query(twins, "from elsewhere", query=query, using="cos", query_filter=chosen, lookup_from=lookup)
    elif kind == 7:
        requests = [
            models.QueryRequest(query=vector(rng, size), using=name, filter=chosen, limit=7),
            models.QueryRequest(query=tools.sparse(rng), using="words", limit=5, filter=chosen),
            models.QueryRequest(query=some(1)[0], using=name, limit=3),
        ]
        ours, theirs = twins.both(lambda c: c.query_batch_points(tools.NAME, requests))
        for i, (a, b) in enumerate(zip(ours, theirs)):
            tools.same_scored(a.points, b.points, f"batch of {name} {chosen}, query {i}")
    elif kind == 8:
        key, start = rng.choice([("count", rng.randint(-5, 20)), ("price", round(rng.uniform(0, 100), 2)), ("when", "2024-06-15T12:30:00Z")])
        order = models.OrderBy(key=key, direction=rng.choice(list(models.Direction)), start_from=start)
        ours, theirs = twins.both(lambda c: c.scroll(tools.NAME, scroll_filter=chosen, order_by=order, limit=25)[0])
        left, right = ([r.order_value for r in side] for side in (ours, theirs))
        assert left == right, f"ordered by {key} from {start} {chosen}: {left}, expected {right}"
    else:
        strategy = rng.choice(list(models.RecommendStrategy))
        query = models.RecommendQuery(
            recommend=models.RecommendInput(positive=some(1) + [vector(rng, size)], negative=some(rng.randint(0, 1)), strategy=strategy)
        )
        # Higher is better here; the local mode takes the bound of a distance for one from above.
        threshold = 0.1 if name in ("cos", "dot") else None
        tools.ask_query(twins, f"{strategy} above", query=query, using=name, query_filter=chosen, score_threshold=threshold, offset=rng.choice([None, 2]))
