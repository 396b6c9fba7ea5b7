"""Importances by Optuna's fANOVA, as the oracle of src/tune/importance.test.ts.

    python test/oracle/optuna_importances.py > src/tune/fixtures/optuna-importances.json

120 random trials of two functions of four keys, one of them idle and two that work together, without a choice and with one; the means over
ten seeds of the forest, not divided by their sum. Optuna takes a choice as a number from 0 to 1 for each of its values, all of them free, so
that its space holds points that are no choice: what it says with choices is another measure. Written for Optuna 5.0.0, scikit-learn
1.9.1, NumPy 2.4.6.
"""

import json
import math
import warnings
from importlib.metadata import version

import optuna
from optuna.importance import FanovaImportanceEvaluator, get_param_importances

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)


def study(space, function, suggest):
    rows = []

    def objective(trial):
        x = trial.suggest_float("x", -2, 2)
        y = trial.suggest_float("y", 0, 1)
        c = suggest(trial)
        trial.suggest_float("idle", 0, 10)
        rows.append({"settings": trial.params, "value": function(x, y, c)})
        return rows[-1]["value"]

    found = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=3))
    found.optimize(objective, n_trials=120)
    shares = [
        get_param_importances(found, evaluator=FanovaImportanceEvaluator(seed=seed), normalize=False) for seed in range(10)
    ]
    return {
        "space": space,
        "trials": rows,
        "importances": {key: sum(one[key] for one in shares) / len(shares) for key in found.trials[0].params},
    }


print(
    json.dumps(
        {
            "note": f"Optuna {version('optuna')}, scikit-learn {version('scikit-learn')}, NumPy {version('numpy')}",
            "numbers": study(
                ["x=-2..2", "y=0..1", "n=1..8:int", "idle=0..10"],
                lambda x, y, n: x**2 + 2 * math.sin(6 * y) * n / 8 + 0.3 * n,
                lambda trial: trial.suggest_int("n", 1, 8),
            ),
            "choices": study(
                ["x=-2..2", "y=0..1", "c=a,b,d", "idle=0..10"],
                lambda x, y, c: x**2 + 2 * math.sin(6 * y) * (1 if c == "a" else 0.3) + {"a": 0, "b": 1.5, "d": 1}[c],
                lambda trial: trial.suggest_categorical("c", ["a", "b", "d"]),
            ),
        }
    )
)
