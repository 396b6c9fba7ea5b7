"""What Gymnasium's SyncVectorEnv does, for test/oracle/vectors.test.ts: writes fixtures/vectors.json. Needs gymnasium==1.4.0."""

import json
import pathlib
import warnings

import gymnasium
import numpy as np
from gymnasium.vector import SyncVectorEnv

from environments import digest, numbers

warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).parent
STEPS = 150
CASES = [
    {"env": env, "n": n, "mode": mode, "kwargs": kwargs}
    for env, n, kwargs in (
        # On ice that is slippery Gymnasium cuts probabilities to integers wherever the first environment resets.
        ("FrozenLake-v1", 3, {"max_episode_steps": 20, "is_slippery": False}),
        ("Taxi-v4", 2, {"max_episode_steps": 25, "is_rainy": True}),
        ("Blackjack-v1", 4, {}),
        ("CartPole-v1", 5, {}),
        ("MountainCarContinuous-v0", 2, {"max_episode_steps": 40}),
    )
    for mode in ("NextStep", "SameStep", "Disabled")
]


def tidy(value):
    if isinstance(value, np.ndarray):
        return [tidy(part) for part in value.tolist()] if value.dtype == object else value.tolist()
    if isinstance(value, (tuple, list)):
        return [tidy(part) for part in value]
    if value is None:
        return -1
    return value.item() if isinstance(value, np.generic) else value


def told(infos):
    """Infos that are compared: probabilities and masks, and what same-step keeps."""
    out = []
    for key in ("prob", "_prob", "action_mask", "_action_mask", "final_obs", "_final_obs"):
        if key in infos:
            out.append(tidy(infos[key]))
    final = infos.get("final_info", {})
    for key in ("prob", "_prob"):
        if key in final:
            out.append(tidy(final[key]))
    return out


def play(case):
    vector = SyncVectorEnv(
        [lambda: gymnasium.make(case["env"], **case["kwargs"])] * case["n"], autoreset_mode=case["mode"]
    )
    vector.action_space.seed(11)
    observations, infos = vector.reset(seed=11)
    lines = [[tidy(observations), told(infos)]]
    for _ in range(STEPS):
        actions = vector.action_space.sample()
        observations, rewards, terminations, truncations, infos = vector.step(actions)
        lines.append([tidy(actions), tidy(observations), tidy(rewards), tidy(terminations), tidy(truncations), told(infos)])
        over = np.logical_or(terminations, truncations)
        if case["mode"] == "Disabled" and over.any():
            observations, infos = vector.reset(options={"reset_mask": over})
            lines.append([tidy(observations), told(infos)])
    return {
        **case,
        "observationSpace": str(vector.observation_space),
        "actionSpace": str(vector.action_space),
        "first": [float(f"{x:.9g}") for x in numbers(lines[1])],
        "sha256": digest(lines),
    }


rows = ",\n".join(f"    {json.dumps(play(case))}" for case in CASES)
header = {"gymnasium": gymnasium.__version__, "numpy": np.__version__, "generator": "vectors.py", "steps": STEPS}
(HERE / "fixtures" / "vectors.json").write_text(json.dumps(header, indent=2)[:-2] + ',\n  "runs": [\n' + rows + "\n  ]\n}\n")
