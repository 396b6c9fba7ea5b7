"""What Gymnasium's wrappers do, for test/oracle/wrappers.test.ts: plays the cases of wrapper-cases.json and writes
fixtures/wrappers.json.

Needs `pip install gymnasium==1.4.0 opencv-python-headless` (any OpenCV; only the area resize uses it).
"""

import json
import pathlib
import warnings

import gymnasium
import numpy as np
from gymnasium import spaces, wrappers

from environments import digest, numbers, plain

warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).parent
CASES = json.loads((HERE / "wrapper-cases.json").read_text())
STEPS = 250


def space(form):
    kind, *rest = form
    if kind == "Discrete":
        return spaces.Discrete(*rest)
    if kind == "MultiDiscrete":
        return spaces.MultiDiscrete(*rest)
    if kind == "MultiBinary":
        return spaces.MultiBinary(*rest)
    if kind == "Tuple":
        return spaces.Tuple([space(part) for part in rest[0]])
    if kind == "Dict":
        return spaces.Dict({key: space(part) for key, part in rest[0].items()})
    low, high, shape, dtype = rest
    return spaces.Box(low, high, shape, np.dtype(dtype).type)


class SampleEnv(gymnasium.Env):
    """Observes members of a space at random."""

    def __init__(self, observation_space):
        self.observation_space = observation_space
        self.action_space = spaces.Discrete(3)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        if seed is not None:
            self.observation_space.seed(seed)
        return self.observation_space.sample(), {}

    def step(self, action):
        reward = float(self.np_random.uniform(-2, 3))
        terminated = bool(self.np_random.random() < 0.1)
        return self.observation_space.sample(), reward, terminated, False, {}


def argument(value):
    if value in ("-inf", "inf"):
        return float(value)
    return [argument(part) for part in value] if isinstance(value, list) else value


def make(case):
    env = SampleEnv(space(case["space"])) if case["env"] == "sample" else gymnasium.make(case["env"], **case.get("kwargs", {}))
    for name, kwargs in case["wrappers"]:
        kwargs = {key: argument(value) for key, value in kwargs.items()}
        for key in ("min_obs", "max_obs"):
            if isinstance(kwargs.get(key), list):
                kwargs[key] = np.array(kwargs[key], dtype=np.float32)
        for key in ("bins", "shape", "repeat_action_duration"):
            if isinstance(kwargs.get(key), list):
                kwargs[key] = tuple(kwargs[key])
        env = getattr(wrappers, name)(env, **kwargs)
    return env


def tidy(value):
    """Numbers in the order of sorted keys."""
    if isinstance(value, dict):
        return [tidy(value[key]) for key in sorted(value)]
    return [tidy(part) for part in value] if isinstance(value, tuple) else plain(value)


def play(case):
    env = make(case)
    env.action_space.seed(5)
    observation, info = env.reset(seed=5)
    lines = [[tidy(observation)]]
    autoreset = any(name == "Autoreset" for name, _ in case["wrappers"])
    for _ in range(STEPS):
        action = env.action_space.sample()
        observation, reward, terminated, truncated, info = env.step(action)
        episode = info.get("episode", {"r": 0, "l": 0})
        lines.append([plain(action), tidy(observation), plain(np.asarray(reward).ravel()), terminated, truncated,
                      plain(episode["r"]), episode["l"]])
        if (terminated or truncated) and not autoreset:
            observation, info = env.reset()
            lines.append([tidy(observation)])
    queue = [list(getattr(env, name, [])) for name in ("return_queue", "length_queue")]
    return {
        "case": case["name"],
        "observationSpace": str(env.observation_space),
        "actionSpace": str(env.action_space),
        "sha256": digest(lines),
        "first": [float(f"{x:.9g}") for x in numbers(lines[1])][:12],
        "queues": [[float(x) for x in q] for q in queue],
    }


header = {"gymnasium": gymnasium.__version__, "numpy": np.__version__, "generator": "wrappers.py", "steps": STEPS}
rows = ",\n".join(f"    {json.dumps(play(case))}" for case in CASES)
text = json.dumps(header, indent=2)[:-2] + ',\n  "runs": [\n' + rows + "\n  ]\n}\n"
(HERE / "fixtures" / "wrappers.json").write_text(text)
