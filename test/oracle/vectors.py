"""What Gymnasium's SyncVectorEnv does, for test/oracle/vectors.test.ts: writes fixtures/vectors.json. Needs gymnasium==1.4.0."""

import json
import pathlib
import warnings

import gymnasium
import numpy as np
from gymnasium.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete, Tuple
from gymnasium.vector import SyncVectorEnv
from gymnasium.vector.utils import batch_differing_spaces
from gymnasium.wrappers import vector as vector_wrappers

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
# One statistic over all environments; of 9 and 150, because NumPy adds numbers in another order from 8 on and from 129 on.
WRAPPED = [
    {"wrapper": wrapper, "env": env, "n": n, "mode": mode, "kwargs": kwargs}
    for wrapper, env, n, modes, kwargs in (
        ("NormalizeObservation", "CartPole-v1", 5, ("NextStep",), {}),
        ("NormalizeObservation", "CartPole-v1", 9, ("NextStep",), {}),
        ("NormalizeObservation", "FrozenLake-v1", 150, ("NextStep",), {"is_slippery": False}),
        ("NormalizeReward", "CartPole-v1", 3, ("NextStep", "SameStep", "Disabled"), {}),
        ("NormalizeReward", "MountainCarContinuous-v0", 9, ("NextStep", "SameStep"), {"max_episode_steps": 40}),
        ("NormalizeReward", "MountainCarContinuous-v0", 300, ("NextStep",), {"max_episode_steps": 40}),
    )
    for mode in modes
]
DIFFERING = [
    [Box(-1, 1, (2,)), Box(np.array([-2, 0], np.float32), np.array([3, 4], np.float32))],
    [Discrete(3), Discrete(5, start=-1)],
    [MultiDiscrete([2, 3]), MultiDiscrete([4, 5], start=[1, 2])],
    [MultiBinary(3), MultiBinary(3)],
    [Tuple([Discrete(2), Box(0, 1, (1,))]), Tuple([Discrete(3), Box(0, 2, (1,))])],
    [Dict({"a": Discrete(2)}), Dict({"a": Discrete(7)})],
]

# Infos of two or three environments; lists of a type's name and numbers are arrays.
ROW = ["float32", 1, 2]
INFOS = [
    [{"x": ROW}, {"x": 5}],
    [{"x": ROW}, {"x": ["float32", 7]}],
    [{"x": ROW}, {"x": ["float64", 1.1, 2]}],
    [{"x": ["int32", 1, 2]}, {"x": ["float32", 1.5, -2.5]}],
    [{"x": ["float32", 1]}, {"x": 5}, {"x": ["float32", 6]}],
    [{"x": ROW}, {"x": [3, 4]}],
    [{"x": ROW}, {"x": True}],
    [{"x": ROW}, {}, {"x": ROW}],
    [{"x": True}, {"x": 5}, {"x": 0}],
    [{"x": 5.5}, {"x": True}],
    [{}, {"x": True}],
    [{"x": None}, {"x": 5}, {"x": ROW}],
    [{"x": "x"}, {"x": 5}, {"x": [1]}],
    [{"x": [1]}, {"x": [2, 3]}],
    [{"a": {"b": ROW, "c": True}}, {"a": {"b": 3}}, {"a": {"c": False, "d": "d"}}],
    [{"_x": 5.5}, {}],
    [{"x": ["uint8", 1, 2]}, {"x": 255}],
    [{"x": ["uint8", 1, 2]}, {"x": 300}],
    [{"x": ROW}, {"x": [3, 4, 5]}],
    [{"x": ["float32", 1, 2, 3]}, {"x": ["float32", 4, 5]}],
    [{"x": ROW}, {"x": "x"}],
    [{"x": ROW}, {"x": {"y": 1}}],
    [{"x": 1}, {"x": "x"}],
    [{"x": 1}, {"x": None}],
    [{"x": 1}, {"x": [6]}],
    [{"x": 1}, {"x": ["float32", 6]}],
    [{"x": 1}, {"x": {"y": 1}}],
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
    if "wrapper" in case:
        vector = getattr(vector_wrappers, case["wrapper"])(vector)
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
        "observationSpace": str(vector.observation_space) if case["n"] < 10 else None,
        "actionSpace": str(vector.action_space) if case["n"] < 10 else None,
        "first": [float(f"{x:.9g}") for x in list(numbers(lines[1]))[:60]],
        "sha256": digest(lines),
    }


def info_of(told):
    def value_of(value):
        if isinstance(value, list) and isinstance(value[0], str):
            return np.array(value[1:], value[0])
        return info_of(value) if isinstance(value, dict) else value

    return {key: value_of(value) for key, value in told.items()}


def tidy_info(infos):
    return {key: tidy_info(value) if isinstance(value, dict) else tidy(value) for key, value in infos.items()}


def batch_infos(case):
    """Their info in one, or null where Gymnasium fails."""
    vector = gymnasium.vector.VectorEnv()
    vector.num_envs = len(case)
    infos = {}
    try:
        for i, told in enumerate(case):
            infos = vector._add_info(infos, info_of(told), i)
    except (AttributeError, OverflowError, TypeError, ValueError):
        return None
    return tidy_info(infos)


header = {"gymnasium": gymnasium.__version__, "numpy": np.__version__, "generator": "vectors.py", "steps": STEPS}
lists = {
    "runs": [play(case) for case in CASES],
    "wrapped": [play(case) for case in WRAPPED],
    "differing": [str(batch_differing_spaces(spaces)) for spaces in DIFFERING],
    "infos": [{"told": case, "batch": batch_infos(case)} for case in INFOS],
}
body = "".join(
    f',\n  "{name}": [\n' + ",\n".join(f"    {json.dumps(row)}" for row in rows) + "\n  ]" for name, rows in lists.items()
)
(HERE / "fixtures" / "vectors.json").write_text(json.dumps(header, indent=2)[:-2] + body + "\n}\n")
