#!/usr/bin/env python3
"""Optuna's journals: what src/node/tune reads and writes.

  optuna_journal.py write JOURNAL > expected.json   a study that Optuna made, and what Optuna reads of it
  optuna_journal.py show JOURNAL                    what Optuna reads of a journal, as JSON
  optuna_journal.py go-on JOURNAL TRIALS            goes on with its study by Optuna's TPE

The fixtures: `optuna_journal.py write src/node/tune/fixtures/optuna-study.log > src/node/tune/fixtures/optuna-study.json`.
Needs: pip install optuna==5.0.0
"""
import json
import math
import sys

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

optuna.logging.set_verbosity(optuna.logging.ERROR)


def write(path):
    storage = JournalStorage(JournalFileBackend(path))
    optuna.create_study(storage=storage, study_name="forgotten")
    study = optuna.create_study(
        storage=storage,
        study_name="lake",
        direction="maximize",
        sampler=optuna.samplers.RandomSampler(seed=1),
        pruner=optuna.pruners.NopPruner(),
    )
    optuna.delete_study(study_name="forgotten", storage=storage)
    study.set_user_attr("note", 'NaN, "Infinity" and Zürich')
    study.enqueue_trial({"rate": 0.001})

    def objective(trial):
        rate = trial.suggest_float("rate", 1e-5, 1e-1, log=True)
        share = trial.suggest_float("share", 0, 1, step=0.25)
        batch = trial.suggest_int("batch", 16, 256, log=True)
        layers = trial.suggest_int("layers", 1, 5, step=2)
        kind = trial.suggest_categorical("kind", ["mlp", None, True, 2, 0.5])
        trial.set_user_attr("seeds", {"0": rate})
        if trial.number == 3:
            raise ValueError("diverged")
        for step in (20, 10):
            trial.report(math.nan if trial.number == 2 and step == 10 else rate * step, step)
        if trial.number == 4:
            raise optuna.TrialPruned()
        return share + batch + layers + (0 if kind is None else 1)

    study.optimize(objective, n_trials=6, catch=(ValueError,))
    study.enqueue_trial({"rate": 0.002})


def plain(value):
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def show(path):
    storage = JournalStorage(JournalFileBackend(path))
    studies = []
    for summary in optuna.get_all_study_summaries(storage):
        study = optuna.load_study(study_name=summary.study_name, storage=storage)
        trials = [
            {
                "number": t.number,
                "state": t.state.name,
                "settings": t.params,
                "distributions": {k: json.loads(optuna.distributions.distribution_to_json(d)) for k, d in t.distributions.items()},
                "values": t.values,
                "reports": {str(step): plain(value) for step, value in sorted(t.intermediate_values.items())},
                "attributes": t.user_attrs,
            }
            for t in study.trials
        ]
        directions = [d.name.lower() for d in study.directions]
        studies.append({"name": study.study_name, "directions": directions, "attributes": study.user_attrs, "trials": trials})
    print(json.dumps({"optuna": optuna.__version__, "studies": studies}, indent=1))


def go_on(path, trials):
    storage = JournalStorage(JournalFileBackend(path))
    study = optuna.load_study(study_name=None, storage=storage, sampler=optuna.samplers.TPESampler(multivariate=True, seed=1))
    space = next(t.distributions for t in study.trials if t.distributions)
    for _ in range(trials):
        trial = study.ask(space)
        trial.report(1.0, 5)
        study.tell(trial, float(trial.number))


if __name__ == "__main__":
    command, path, *rest = sys.argv[1:]
    if command == "write":
        write(path)
    elif command == "go-on":
        go_on(path, int(rest[0]))
    show(path)
