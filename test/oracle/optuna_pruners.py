"""Decisions of Optuna's pruners in random studies, as the oracle of src/tune/pruners.test.ts.

    python test/oracle/optuna_pruners.py > src/tune/fixtures/optuna-pruners.json

Up to three trials run at a time and report in turn; some reports are not a number, many are equal. `study` draws by NumPy's
default_rng(seed), whose numbers the test draws too, so that only the decisions are recorded: 1 for a report after which the trial is pruned.
Written for Optuna 5.0.0, NumPy 2.4.6.
"""

import json
import warnings
from importlib.metadata import version

import numpy as np
import optuna
from optuna.trial import TrialState

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)

STUDIES, TRIALS, SLOTS = 200, 18, 3


def study(seed):
    rng = np.random.default_rng(seed)
    draw = lambda n: int(rng.integers(n))
    direction = ["minimize", "maximize"][draw(2)]
    if draw(2) == 0:
        options = {
            "n_startup_trials": draw(5),
            "n_warmup_steps": draw(6),
            "interval_steps": 1 + draw(4),
            "n_min_trials": 1 + draw(3),
        }
        pruner = optuna.pruners.MedianPruner(**options)
        gap = 1 + draw(2)
    else:
        options = {
            "min_resource": 1 + draw(3),
            "reduction_factor": 2 + draw(3),
            "min_early_stopping_rate": draw(2),
        }
        pruner = optuna.pruners.SuccessiveHalvingPruner(**options)
        gap = options["min_resource"]
    of = optuna.create_study(direction=direction, pruner=pruner)
    running = [None] * SLOTS
    begun, decisions = 0, []
    while begun < TRIALS or any(running):
        slot = draw(SLOTS)
        if running[slot] is None:
            if begun == TRIALS:
                continue
            running[slot] = {"trial": of.ask(), "step": 0, "end": 4 + draw(30), "level": draw(40)}
            begun += 1
            continue
        state = running[slot]
        state["step"] += 1 + draw(gap)
        value = (state["level"] + draw(20)) / 10
        if draw(12) == 0:
            value = float("nan")
        state["trial"].report(value, state["step"])
        pruned = state["trial"].should_prune()
        decisions.append("1" if pruned else "0")
        if pruned or state["step"] >= state["end"]:
            if pruned:
                of.tell(state["trial"], state=TrialState.PRUNED)
            else:
                of.tell(state["trial"], 1.0)
            running[slot] = None
    return "".join(decisions)


print(
    json.dumps(
        {
            "note": f"Optuna {version('optuna')}, NumPy {version('numpy')}",
            "trials": TRIALS,
            "slots": SLOTS,
            "decisions": [study(seed) for seed in range(STUDIES)],
        }
    )
)
