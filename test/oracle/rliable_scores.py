"""rliable's aggregate metrics, profiles and intervals, as the oracle of src/stats/rliable.test.ts.

    python test/oracle/rliable_scores.py > src/stats/fixtures/rliable.json

Scores are rounded random numbers, skewed as human-normalised ones are, with ties; a matrix of (runs, tasks) as rliable takes
it, written task by task. Intervals are its stratified bootstrap's percentile intervals, recorded for several seeds: their spread is the
sampling error. rliable draws from NumPy's global generator whatever `random_state` says, so that one is seeded. Written for rliable 1.2.0,
arch 7.2.0 (which wants pandas 2), NumPy 2.4.6, SciPy 1.17.1.
"""

import json
from importlib.metadata import version

import numpy as np
from rliable import library, metrics

CASES = {"three-by-ten": (3, 10), "five-by-seven": (5, 7), "two-by-one": (2, 1)}
TAUS = [-0.5, 0.0, 0.25, 0.5, 1.0, 2.0, 4.0]
SEEDS = [1, 2, 3, 4, 5]
REPS = 1000


def draw(rng, runs, tasks, shift):
    level = rng.lognormal(-0.3 + shift, 1.0, size=tasks)
    return np.round(level * rng.normal(1.0, 0.3, size=(runs, tasks)), 1)


def aggregates(scores):
    return np.array(
        [
            metrics.aggregate_median(scores),
            metrics.aggregate_iqm(scores),
            metrics.aggregate_mean(scores),
            metrics.aggregate_optimality_gap(scores),
        ]
    )


def intervals(samples, func):
    """[seed, low or high, number]"""
    out = []
    for seed in SEEDS:
        np.random.seed(seed)
        _, found = library.get_interval_estimates({"one": samples}, func, reps=REPS)
        out.append(found["one"].tolist())
    return out


def case(rng, runs, tasks):
    x, y = draw(rng, runs, tasks, 0.2), draw(rng, runs + 1, tasks, 0.0)
    # Ties on purpose.
    y[0, 0] = x[0, 0]
    improvement = lambda a, b: np.array([metrics.probability_of_improvement(a, b)])
    profile = lambda scores: library.score_distributions(scores, np.array(TAUS))
    return {
        "x": x.T.tolist(),
        "y": y.T.tolist(),
        "aggregates": aggregates(x).tolist(),
        "aggregateIntervals": intervals(x, aggregates),
        "gapAtHalf": metrics.aggregate_optimality_gap(x, 0.5),
        "improvement": improvement(x, y)[0],
        "improvementIntervals": intervals([x, y], improvement),
        "profile": profile(x).tolist(),
        "profileIntervals": intervals(x, profile),
    }


rng = np.random.default_rng(2021)
print(
    json.dumps(
        {
            "versions": {name: version(name) for name in ["rliable", "arch", "numpy", "scipy"]},
            "reps": REPS,
            "taus": TAUS,
            "cases": {name: case(rng, *shape) for name, shape in CASES.items()},
        }
    )
)
