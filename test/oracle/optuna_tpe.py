"""Optuna's TPE on fixed histories, as the oracle of src/tune/tpe.test.ts.

    python test/oracle/optuna_tpe.py > src/tune/fixtures/optuna-tpe.json

For each history: the numbers of the trials that TPESampler(multivariate=True) takes as good and as bad ones, and at random points
the log densities of its two Parzen estimators. NumPy's order of equal numbers depends on the processor, so that argsort is made stable
here. quantiles: of normal distributions truncated to [a, b], as [share, a, b, quantile, log of the probability between a and b], by
mpmath with 50 digits. Written for Optuna 5.0.0, NumPy 2.4.6, mpmath 1.4.1.
"""

import json
import math
import warnings
from importlib.metadata import version

import mpmath
import numpy as np
import optuna
from optuna.samplers._tpe import parzen_estimator, sampler as tpe
from optuna.trial import TrialState, create_trial

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)


class StableNumPy:
    def __getattr__(self, name):
        return getattr(np, name)

    @staticmethod
    def argsort(a):
        return np.argsort(a, kind="stable")


parzen_estimator.np = StableNumPy()

FLOAT, INT, CHOICE = (
    optuna.distributions.FloatDistribution,
    optuna.distributions.IntDistribution,
    optuna.distributions.CategoricalDistribution,
)
SPACE = {
    "learningRate": FLOAT(1e-5, 1e-1, log=True),
    "gamma": FLOAT(0.8, 1.0),
    "tau": FLOAT(0.0, 1.0, step=0.1),
    "batchSize": INT(16, 256, log=True),
    "nStep": INT(1, 10),
    "width": INT(32, 256, step=32),
    "optimizer": CHOICE(["adam", "radam", "sgd"]),
    "double": CHOICE([True, False]),
}
TEXT = [
    "learningRate=1e-5..1e-1:log",
    "gamma=0.8..1",
    "tau=0..1:step=0.1",
    "batchSize=16..256:int:log",
    "nStep=1..10:int",
    "width=32..256:int:step=32",
    "optimizer=adam,radam,sgd",
    "double=true,false",
]


def short(x):
    return float(f"{x:.5g}")


def draw(rng):
    random = optuna.samplers.RandomSampler(seed=int(rng.integers(2**31)))
    point = {k: random.sample_independent(None, None, k, d) for k, d in SPACE.items()}
    for key in ("learningRate", "gamma"):
        point[key] = short(point[key])
    return point


def history(seed, n, direction, liar, shares):
    """shares: of pruned, running and failed trials."""
    rng = np.random.default_rng(seed)
    study = optuna.create_study(direction=direction, sampler=None)
    records = []
    for number in range(n):
        point = draw(rng)
        u = rng.random()
        pruned, running, failed = np.cumsum(shares)
        state = (
            TrialState.PRUNED if u < pruned else TrialState.RUNNING if u < running else TrialState.FAIL if u < failed else TrialState.COMPLETE
        )
        steps = int(rng.integers(0, 4))
        reports = {10 * (i + 1): math.nan if rng.random() < 0.2 else short(rng.normal()) for i in range(steps)}
        # Rounded, so that some are equal.
        value = round(rng.normal(), 1) if state == TrialState.COMPLETE else None
        trial = create_trial(
            state=state, params=point, distributions=SPACE, value=value, intermediate_values=reports
        )
        study.add_trial(trial)
        records.append(
            {
                "number": number,
                "state": {"FAIL": "failed"}.get(state.name, state.name.lower()),
                "settings": point,
                "value": value,
                "reports": [[step, None if math.isnan(v) else v] for step, v in reports.items()],
            }
        )
    sampler = optuna.samplers.TPESampler(multivariate=True, seed=0, constant_liar=liar)
    states = [TrialState.COMPLETE, TrialState.PRUNED] + ([TrialState.RUNNING] if liar else [])
    trials = study.get_trials(deepcopy=False, states=states)
    finished = sum(t.state != TrialState.RUNNING for t in trials)
    below, above = tpe._split_trials(study, trials, tpe.default_gamma(finished))
    l = sampler._build_parzen_estimator(study, SPACE, below, handle_below=True)
    g = sampler._build_parzen_estimator(study, SPACE, above, handle_below=False)
    # Some of the points are observations, where the kernels are highest.
    points = [draw(rng) for _ in range(8)] + [t.params for t in below[:2] + above[:2]]
    inner = {k: np.array([d.to_internal_repr(p[k]) for p in points]) for k, d in SPACE.items()}
    return {
        "direction": direction,
        "constantLiar": liar,
        "trials": records,
        "good": [t.number for t in below],
        "bad": [t.number for t in above],
        "points": points,
        "logL": l.log_pdf(inner).tolist(),
        "logG": g.log_pdf(inner).tolist(),
    }


def quantiles():
    mpmath.mp.dps = 50
    below = lambda x: mpmath.erfc(-mpmath.mpf(x) / mpmath.sqrt(2)) / 2
    rows = []
    for a, b in [(-1, 2), (-0.1, 0.1), (0, 3), (-3, 0), (2, 3), (-3, -2), (8, 9), (-12, -11), (30, 31), (-40, 1), (-1, 40), (-1e-3, 50)]:
        between = below(b) - below(a) if a <= 0 else below(-a) - below(-b)
        for share in [1e-12, 0.01, 0.3, 0.5, 0.9, 0.999999]:
            if b > 0 and a > -2:  # the upper tail has the digits
                left = below(-a) - mpmath.mpf(share) * between
                start = -mpmath.findroot(lambda x: mpmath.log(below(x)) - mpmath.log(left), (-b, -a), solver="anderson")
            else:
                left = below(a) + mpmath.mpf(share) * between
                start = mpmath.findroot(lambda x: mpmath.log(below(x)) - mpmath.log(left), (a, b), solver="anderson")
            rows.append([share, a, b, float(start), float(mpmath.log(between))])
    return rows


print(
    json.dumps(
        {
            "note": f"Optuna {version('optuna')}, NumPy {version('numpy')}, mpmath {version('mpmath')}",
            "space": TEXT,
            "histories": [
                history(1, 10, "minimize", True, (0, 0, 0)),
                history(2, 24, "maximize", True, (0.3, 0.15, 0.1)),
                history(3, 30, "minimize", False, (0.3, 0.15, 0.1)),
                history(4, 60, "maximize", False, (0.95, 0, 0)),
                history(5, 45, "minimize", True, (0.2, 0.05, 0.05)),
                history(6, 270, "maximize", True, (0.1, 0.01, 0.02)),
            ],
            "quantiles": quantiles(),
        },
        separators=(",", ":"),
    )
)
