"""Records draws of NumPy's generator and samples of Gymnasium's spaces for the tests of src/core/random and src/spaces.

    python test/oracle/random_fixtures.py

writes test/oracle/fixtures/random.json and test/oracle/fixtures/spaces.json. Long sequences are kept as the first
three values, the last one, and a hash of all as little-endian doubles. Recorded with the versions noted in the files.
"""
import hashlib
import json
import re
import warnings

import gymnasium
import numpy as np
from gymnasium.spaces import Box, Dict, Discrete, MultiBinary, MultiDiscrete, Tuple

warnings.filterwarnings("ignore")
SEEDS = [0, 1, 123, 2**40, 2**53 - 1, 123456789012345678901234567890]
N = 2000


def digest(values):
    values = np.ascontiguousarray(values, dtype="<f8").ravel()
    return {
        "first": values[:3].tolist(),
        "last": float(values[-1]),
        "sha256": hashlib.sha256(values.tobytes()).hexdigest()[:32],
    }


def repeat(draw, n=N):
    return [draw() for _ in range(n)]


P = np.arange(10) / 45
# Each entry continues with the generator as the one before left it, so leftover bits are tested too.
METHODS = {
    "random": lambda g: repeat(g.random),
    "randomFloat32": lambda g: repeat(lambda: float(g.random(dtype=np.float32)), N + 1),
    "integers(6)": lambda g: repeat(lambda: g.integers(6)),
    "integers(1)": lambda g: repeat(lambda: g.integers(1), 3),
    "integers(-7, 2**31)": lambda g: repeat(lambda: g.integers(-7, 2**31)),
    "integers(0, 2**32)": lambda g: repeat(lambda: g.integers(0, 2**32), N + 1),
    "integers(0, 2**32 - 1)": lambda g: repeat(lambda: g.integers(0, 2**32 - 1)),
    "integers(0, 2**33)": lambda g: repeat(lambda: g.integers(0, 2**33)),
    "integers(-3, 3 * 2**51)": lambda g: repeat(lambda: g.integers(-3, 3 * 2**51)),
    "int8[-128, 128)": lambda g: g.integers(-128, 128, N, dtype=np.int8),
    "int8[-100, 101)": lambda g: g.integers(-100, 101, N, dtype=np.int8),
    "int8[0, 2) one by one": lambda g: repeat(lambda: g.integers(0, 2, 5, dtype=np.int8)[4], 50),
    "uint8[3, 200)": lambda g: g.integers(3, 200, N, dtype=np.uint8),
    "int16[3, 2000)": lambda g: g.integers(3, 2000, N + 1, dtype=np.int16),
    "uint16[0, 65536)": lambda g: g.integers(0, 65536, N, dtype=np.uint16),
    "int32 all": lambda g: g.integers(-(2**31), 2**31, N, dtype=np.int32),
    "uint32[5, 3 * 2**30)": lambda g: g.integers(5, 3 * 2**30, N, dtype=np.uint32),
    "int64[0, 2**31 - 1)": lambda g: g.integers(2**31 - 1, size=N),
    "bool": lambda g: g.integers(0, 2, N, dtype=np.bool_),
    "uniform(-3, 5.5)": lambda g: g.uniform(-3, 5.5, N),
    "standardNormal": lambda g: g.standard_normal(20 * N),
    "normal(2, 0.3)": lambda g: repeat(lambda: g.normal(2, 0.3)),
    "standardExponential": lambda g: g.standard_exponential(20 * N),
    "exponential(7.5)": lambda g: g.exponential(7.5, N),
    "choice(7)": lambda g: repeat(lambda: g.choice(7)),
    "choice([5, 3, 9])": lambda g: repeat(lambda: g.choice([5, 3, 9])),
    "choice(10, p)": lambda g: repeat(lambda: g.choice(10, p=P)),
    "choices(10, N, p)": lambda g: g.choice(10, N, p=P),
    "choices(50, 20) distinct": lambda g: g.choice(50, 20, replace=False),
    "choices(30, 12) distinct, not shuffled": lambda g: g.choice(30, 12, replace=False, shuffle=False),
    "choices(20000, 1000) distinct": lambda g: g.choice(20000, 1000, replace=False),
    "choices(20000, 300) distinct": lambda g: g.choice(20000, 300, replace=False),
    "choices(10, 6, p) distinct": lambda g: np.concatenate(repeat(lambda: g.choice(10, 6, replace=False, p=P), 100)),
    "permutation(1000)": lambda g: g.permutation(1000),
    "permutation([4, 5, 6, 7])": lambda g: np.concatenate(repeat(lambda: g.permutation([4, 5, 6, 7]), 50)),
    "spawn(3)": lambda g: np.concatenate([child.random(5) for child in g.spawn(3) + g.spawn(2)]),
    "random at the end": lambda g: repeat(g.random, 5),
}


def methods(seed):
    generator = np.random.default_rng(seed)
    return {name: digest(draw(generator)) for name, draw in METHODS.items()}


INF = np.inf
f32 = lambda *values: np.array(values, dtype=np.float32)
SPACES = {
    "Discrete(16)": lambda: Discrete(16),
    "Discrete(3, -1)": lambda: Discrete(3, start=-1),
    "Discrete(1)": lambda: Discrete(1),
    "Box(-1, 1, [3])": lambda: Box(-1, 1, (3,)),
    "Box uint8 image": lambda: Box(0, 255, (8, 6, 3), np.uint8),
    "Box CartPole": lambda: Box(f32(-4.8, -INF, -0.41887903, -INF), f32(4.8, INF, 0.41887903, INF)),
    "Box mixed": lambda: Box(f32(-INF, 3, -INF, -2, -INF, 0), f32(INF, INF, 7.1, 2, -1, INF)),
    "Box int8 unbounded": lambda: Box(-INF, INF, (5,), np.int8),
    "Box int16 half": lambda: Box(np.array([-INF, 3, -9]), np.array([5, INF, 9]), dtype=np.int16),
    "Box uint32": lambda: Box(0, 2**32 - 1, (4,), np.uint32),
    "Box int32 matrix": lambda: Box(np.array([[0, 1], [2, 3]]), np.array([[5, 6], [7, 100]]), dtype=np.int32),
    "Box uint16": lambda: Box(7, 60000, (2, 2), np.uint16),
    "Box float64": lambda: Box(-2, 1e10, (), np.float64),
    "Box float64 unbounded": lambda: Box(-INF, INF, (2,), np.float64),
    "Box small": lambda: Box(f32(1e-5, 1), f32(0.1, 123456.789)),
    "Box 0.1 to 1e10": lambda: Box(0.1, 1e10, (1,)),
    "Box long": lambda: Box(np.arange(40, dtype=np.float32), np.arange(40, dtype=np.float32) + 1),
    "Box longer": lambda: Box(np.arange(1100, dtype=np.float32), np.arange(1100, dtype=np.float32) + 1),
    "Box cube": lambda: Box(np.zeros((3, 2, 2), np.float32), np.arange(12, dtype=np.float32).reshape(3, 2, 2)),
    "Box digits": lambda: Box(f32(-9815.901, 856000.125, -0.0), f32(1e-7, 856000.375, 3)),
    "Box decimals": lambda: Box(np.array([0.001953125, 1 / 3]), np.array([0.005859375, 2.5]), dtype=np.float64),
    "Box empty": lambda: Box(0, 1, (0,)),
    "MultiDiscrete": lambda: MultiDiscrete([3, 4, 600]),
    "MultiDiscrete start": lambda: MultiDiscrete([3, 4], start=[1, -1]),
    "MultiDiscrete matrix": lambda: MultiDiscrete([[3, 4], [5, 600]]),
    "MultiDiscrete long": lambda: MultiDiscrete(np.arange(1, 50)),
    "MultiBinary(5)": lambda: MultiBinary(5),
    "MultiBinary([3, 2])": lambda: MultiBinary([3, 2]),
    "Tuple": lambda: Tuple([Discrete(20), Box(0, 1, (2,)), MultiBinary(3)]),
    "Tuple of nothing": lambda: Tuple([]),
    "Dict": lambda: Dict({"b": Discrete(20), "a": Box(0, 1, (2,)), "it's": MultiDiscrete([9, 9])}),
    "Dict nested": lambda: Dict({"z": Tuple([Discrete(5), Dict({"y": Discrete(9), "x": Discrete(8)})]), "b": Discrete(3)}),
}


def flatten(member):
    if isinstance(member, dict):
        return np.concatenate([flatten(member[key]) for key in member])
    if isinstance(member, tuple):
        return np.concatenate([np.zeros(0)] + [flatten(part) for part in member])
    return np.asarray(member, dtype=np.float64).ravel()


def space_record(make, seed):
    space = make()
    space.seed(seed)
    samples = np.concatenate([flatten(space.sample()) for _ in range(20)])
    return digest(samples) if len(samples) else None


i8 = lambda *values: np.array(values, dtype=np.int8)
f64 = lambda *values: np.array(values, dtype=np.float64)
MASKED = {
    "Discrete mask": lambda: (Discrete(5, start=2), {"mask": i8(0, 1, 0, 1, 1)}),
    "Discrete empty mask": lambda: (Discrete(3, start=2), {"mask": i8(0, 0, 0)}),
    "Discrete probability": lambda: (Discrete(4), {"probability": f64(0.1, 0.2, 0.3, 0.4)}),
    "MultiDiscrete mask": lambda: (MultiDiscrete([3, 2], start=[5, 0]), {"mask": (i8(1, 0, 1), i8(0, 0))}),
    "MultiDiscrete probability": lambda: (
        MultiDiscrete([3, 11]),
        {"probability": (f64(0.5, 0, 0.5), f64(*(np.arange(11) / 55)))},
    ),
    "MultiBinary mask": lambda: (MultiBinary(6), {"mask": i8(0, 1, 2, 2, 1, 2)}),
    "MultiBinary probability": lambda: (MultiBinary(4), {"probability": f64(0, 0.25, 0.75, 1)}),
    "Tuple mask": lambda: (Tuple([Discrete(4), Box(0, 1, (1,))]), {"mask": (i8(1, 0, 0, 1), None)}),
    "Dict mask": lambda: (
        Dict({"a": Discrete(4), "b": MultiBinary(3)}),
        {"mask": {"a": i8(0, 1, 1, 0), "b": i8(2, 0, 2)}},
    ),
    "Dict probability": lambda: (
        Dict({"a": Discrete(2), "b": Discrete(3)}),
        {"probability": {"a": f64(0.3, 0.7), "b": f64(0.2, 0.2, 0.6)}},
    ),
}


def masked_record(make, seed):
    space, arguments = make()
    space.seed(seed)
    masked = np.concatenate([flatten(space.sample(**arguments)) for _ in range(200)])
    plain = flatten(space.sample())
    return digest(np.concatenate([masked, plain]))


def texts():
    """Single precision and its text, of numbers among which many lie halfway between two shortest ones."""
    draws = np.random.default_rng(5)
    halves = draws.integers(0, 2**24, 400) * 2.0 ** draws.integers(-12, 4, 400)
    values = np.concatenate([[52082.3125], halves, 10 ** draws.uniform(-6, 12, 100), 2.0 ** np.arange(-30, 50)])
    return [[float(value), str(value)] for value in values.astype(np.float32)]


TYPES = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"]


def promotions():
    """The common type of each set of types; every order gives the same."""
    sets = [[t for k, t in enumerate(TYPES) if bits >> k & 1] for bits in range(1, 2 ** len(TYPES))]
    return {" ".join(types): str(np.result_type(*map(np.dtype, types))) for types in sets}


def write(record, out):
    """One line for each record of the lowest level but one."""
    text = json.dumps(record)
    out.write(re.sub(r"(?<=[{}],) (?=\")|(?<=: \{)(?=\"[^\"]*\": \{)", "\n", text).rstrip() + "\n")


versions = {"numpy": np.__version__, "gymnasium": gymnasium.__version__}
with open("test/oracle/fixtures/random.json", "w") as out:
    cases = {str(seed): methods(seed) for seed in SEEDS}
    states = {
        str(seed): [int(word) for word in np.random.SeedSequence(seed, spawn_key=(3, 2**35)).generate_state(6)]
        for seed in SEEDS
    }
    write({"versions": versions, "count": N, "spawnedStates": states, "seeds": cases}, out)
with open("test/oracle/fixtures/spaces.json", "w") as out:
    spaces = {
        name: {"text": repr(make()), "samples": {str(seed): space_record(make, seed) for seed in (0, 1, 123, 2**40)}}
        for name, make in SPACES.items()
    }
    masked = {name: {str(seed): masked_record(make, seed) for seed in (0, 7)} for name, make in MASKED.items()}
    rows = {"texts": texts(), "promotions": promotions()}
    write({"versions": versions, "spaces": spaces, "masked": masked, **rows}, out)
