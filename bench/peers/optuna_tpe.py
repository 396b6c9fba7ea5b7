"""Optuna's multivariate TPE for bench/tune.ts: a JSON object a line in, an answer a line out.

begin: {"space", "direction", "seed"} makes a study; ask: settings; tell: the value of those last asked for.
"""

import json
import sys
import warnings

import optuna

warnings.simplefilter("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)


def distribution(d):
    if d["kind"] == "choice":
        return optuna.distributions.CategoricalDistribution(d["choices"])
    if d["kind"] == "int":
        return optuna.distributions.IntDistribution(d["low"], d["high"], log=d["log"], step=d["step"])
    return optuna.distributions.FloatDistribution(d["low"], d["high"], log=d["log"], step=d["step"])


for line in sys.stdin:
    message = json.loads(line)
    answer = {}
    if "begin" in message:
        begin = message["begin"]
        space = {key: distribution(d) for key, d in begin["space"].items()}
        sampler = optuna.samplers.TPESampler(multivariate=True, seed=begin["seed"])
        study = optuna.create_study(direction=begin["direction"], sampler=sampler)
    elif "ask" in message:
        trial = study.ask(space)
        answer = trial.params
    else:
        study.tell(trial, message["tell"])
    print(json.dumps(answer), flush=True)
