"""What Gymnasium does, for the tests of src/envs.

  environments.py trace CASE --seed S --steps N   prints one case of trace-cases.json as JSON lines
  environments.py digest CASE --seed S --steps N  prints a hash of those lines, as the fixtures have it
  environments.py fixtures                        writes fixtures/environments.json

Needs `pip install gymnasium==1.4.0 numpy`; with gymnasium==1.0.0 (for Taxi-v3, gone since) only the cases that it knows
are traced. Called by compare-traces.ts, or by hand.
"""

import argparse
import hashlib
import json
import pathlib
import struct
import warnings

import gymnasium
import numpy as np
from gymnasium.envs.toy_text.frozen_lake import generate_random_map

warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).parent
# Of traces that are compared number by number, every so manieth line is kept.
EVERY = 23
CASES = {case["name"]: case for case in json.loads((HERE / "trace-cases.json").read_text())}


def make(case, **extra):
    kwargs = dict(case["kwargs"], **extra)
    if "map" in case:
        kwargs["desc"] = generate_random_map(**case["map"])
    env = gymnasium.make(case["env"], **kwargs)
    for name, value in case.get("attributes", {}).items():
        if not hasattr(env.unwrapped, name):
            raise AttributeError(name)
        setattr(env.unwrapped, name, value)
    return env


def plain(value):
    """Python numbers, booleans and lists instead of NumPy's."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return value.item() if isinstance(value, np.generic) else value


def trace(case, seed, steps, with_state=False):
    """Yields a dict for each reset and step of a run with random actions; on request with the state behind it."""
    state = lambda: {"state": plain(np.asarray(env.unwrapped.state, dtype=float))} if with_state else {}
    env = make(case)
    kept = lambda info: {key: plain(info[key]) for key in ("prob", "action_mask") if key in info}
    env.action_space.seed(seed)
    options = case.get("reset")
    observation, info = env.reset(seed=seed, options=options)
    yield {"t": 0, "obs": plain(observation), "info": kept(info), **state()}
    for t in range(1, steps + 1):
        action = env.action_space.sample()
        observation, reward, terminated, truncated, info = env.step(action)
        yield {
            "t": t,
            "action": plain(action),
            "obs": plain(observation),
            "reward": plain(reward),
            "terminated": plain(terminated),
            "truncated": plain(truncated),
            "info": kept(info),
            **state(),
        }
        if terminated or truncated:
            observation, info = env.reset(options=options)
            yield {"t": t, "obs": plain(observation), "info": kept(info), **state()}


def numbers(value):
    """All numbers inside a value, in order; true counts as 1."""
    if isinstance(value, dict):
        for part in value.values():
            yield from numbers(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from numbers(part)
    else:
        yield float(value)


def digest(values):
    """SHA-256 over the numbers as little-endian doubles, so that two languages agree however they print them."""
    sha = hashlib.sha256()
    for number in numbers(values):
        sha.update(struct.pack("<d", number))
    return sha.hexdigest()


def model_digest(env):
    P = env.unwrapped.P
    return digest([[[list(outcome) for outcome in P[s][a]] for a in sorted(P[s])] for s in sorted(P)])


def texts(case, seed, steps):
    env = make(case, render_mode="ansi")
    env.action_space.seed(seed)
    env.reset(seed=seed)
    out = [env.render()]
    for _ in range(steps):
        _, _, terminated, truncated, _ = env.step(env.action_space.sample())
        out.append(env.render())
        if terminated or truncated:
            env.reset()
            out.append(env.render())
    return out


def fixtures():
    traces = []
    for name, case in CASES.items():
        if case["env"] == "Taxi-v3":
            continue
        entry = {"case": name}
        if "tolerance" in case:
            lines = list(trace(case, 3, 600))[::EVERY]
            entry.update(seed=3, steps=600, every=EVERY, lines=[[float(f"{x:.9g}") for x in numbers(line)] for line in lines])
        else:
            lines = list(trace(case, 3, 600))
            entry.update(seed=3, steps=600, sha256=digest(lines))
            if hasattr(make(case).unwrapped, "P"):
                entry["modelSha256"] = model_digest(make(case))
        traces.append(entry)
    maps = [
        {"size": size, "p": p, "seed": seed, "map": "/".join(generate_random_map(size, p, seed))}
        for size, p in ((2, 0.5), (4, 0.8), (5, 0.55), (8, 0.8), (8, 1.0), (8, 2.0), (9, 0.45), (13, 0.7))
        for seed in (0, 1, 2**40 + 5)
    ]
    ansi = [
        {"case": name, "seed": seed, "steps": steps, "texts": texts(CASES[name], seed, steps)}
        for name, seed, steps in (("lake", 5, 12), ("lake-custom", 1, 4), ("taxi", 11, 6), ("taxi-fickle-100", 7, 6),
                                  ("cliff", 2, 5), ("cliff-slippery", 4, 5))
    ]
    # Every look of the Taxi's text: the passenger at each place and inside, the taxi on each place and between.
    taxi = make(CASES["taxi"], render_mode="ansi")
    taxi.reset(seed=0)
    every = []
    for state in range(500):
        taxi.unwrapped.s = state
        every.append(taxi.render())
    header = {"gymnasium": gymnasium.__version__, "numpy": np.__version__, "generator": "environments.py fixtures"}
    data = {**header, "traces": traces, "maps": maps, "ansi": ansi,
            "taxiTextsSha256": hashlib.sha256("".join(every).encode()).hexdigest()}
    path = HERE / "fixtures" / "environments.json"
    path.parent.mkdir(exist_ok=True)
    body = ",\n".join(
        f"  {json.dumps(key)}: "
        + ("[\n" + ",\n".join(f"    {json.dumps(item)}" for item in value) + "\n  ]" if isinstance(value, list) else json.dumps(value))
        for key, value in data.items()
    )
    path.write_text("{\n" + body + "\n}\n")


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("trace", "digest"):
        one = commands.add_parser(name)
        one.add_argument("case", choices=sorted(CASES))
        one.add_argument("--seed", type=int, default=0)
        one.add_argument("--steps", type=int, default=1000)
    commands.add_parser("fixtures")
    args = parser.parse_args()
    if args.command == "fixtures":
        fixtures()
        return
    case = CASES[args.case]
    lines = trace(case, args.seed, args.steps, args.command == "trace" and case.get("unstable", False))
    if args.command == "digest":
        print(digest(list(lines)), "gymnasium", gymnasium.__version__)
        return
    for line in lines:
        print(json.dumps(line))


if __name__ == "__main__":
    main()
