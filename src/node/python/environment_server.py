"""The Python side of `python:` environments: one Gymnasium environment, asked through two pipes.

Frames both ways are a 32-bit length, one byte that says what it is, and a body; numbers are little-endian. Requests are
read from descriptor 3, answers written to descriptor 4, one answer for each request. Standard output belongs to whoever
started the process, so what an environment prints harms nothing. `python-process.ts` is the other side.

A value is written by its space where it has one (`codec`), else with a letter in front that says its type (`put`).
"""

import difflib
import importlib
import importlib.util
import json
import os
import re
import struct
import sys
import threading
import time
import traceback

REQUESTS, ANSWERS = 3, 4
DESCRIBE, MAKE, RESET, STEP, RENDER, SAMPLE, SEED = range(1, 8)
OK, FAILED, MISSING, UNKNOWN = range(4)

# Modules that register well-known environments when they are imported, by the beginning of an id.
REGISTERED_BY = {
    "ALE/": "ale_py",
    "MinAtar/": "minatar.gym",
    "MiniGrid-": "minigrid",
    "BabyAI-": "minigrid",
    "MiniWorld-": "miniworld",
    "highway-": "highway_env",
}
DEPTH = 32


class Missing(Exception):
    """Something that is not installed."""


class Unknown(Exception):
    """An id that nobody registers."""


# --- Frames ---------------------------------------------------------------------------------------------------------


def read_exactly(count):
    parts = []
    while count > 0:
        part = os.read(REQUESTS, min(count, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def read_frame():
    """The next request. It nearly always comes in one piece."""
    head = os.read(REQUESTS, 1 << 16)
    if not head:
        raise EOFError
    if len(head) < 4:
        head += read_exactly(4 - len(head))
    length = int.from_bytes(head[:4], "little")
    if len(head) < 4 + length:
        head += read_exactly(4 + length - len(head))
    return head[4], memoryview(head)[5:]


def write_frame(kind, body):
    view = memoryview(struct.pack("<IB", len(body) + 1, kind) + body)
    while view:
        view = view[os.write(ANSWERS, view) :]


# --- Values without a space -----------------------------------------------------------------------------------------

# Letters of arrays' element types; others are converted to one of them.
ARRAY_LETTERS = {
    "uint8": b"B",
    "int8": b"b",
    "uint16": b"H",
    "int16": b"h",
    "uint32": b"I",
    "int32": b"i",
    "uint64": b"Q",
    "int64": b"q",
    "float32": b"f",
    "float64": b"d",
}
ARRAY_TYPES = {letter[0]: name for name, letter in ARRAY_LETTERS.items()}
CONVERTED = {"bool": "uint8", "float16": "float32", "float128": "float64", "longdouble": "float64"}


def put(out, value, depth=0):
    """Appends a value with its type. What has no form of its own is written as its text."""
    if value is None:
        out += b"N"
    elif value is True or value is False:
        out += b"T" if value else b"F"
    elif isinstance(value, int):
        if -(2**63) <= value < 2**63:
            out += struct.pack("<cq", b"i", value)
        else:
            put(out, float(value) if abs(value) < 1e300 else str(value))
    elif isinstance(value, float):
        out += struct.pack("<cd", b"d", value)
    elif isinstance(value, str):
        text = value.encode("utf-8", "replace")
        out += struct.pack("<cI", b"s", len(text)) + text
    elif isinstance(value, np.generic):
        put(out, value.item() if value.dtype.kind in "biuf" else str(value), depth + 1)
    elif isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        name = CONVERTED.get(value.dtype.name, value.dtype.name)
        array = np.ascontiguousarray(value, dtype=np.dtype(name).newbyteorder("<"))
        out += b"a" + ARRAY_LETTERS[name] + struct.pack("<I", array.size)
        out += array.tobytes()
    elif isinstance(value, (list, tuple, set, frozenset, np.ndarray)) and depth < DEPTH:
        out += struct.pack("<cI", b"l", len(value))
        for part in value:
            put(out, part, depth + 1)
    elif isinstance(value, dict) and depth < DEPTH:
        out += struct.pack("<cI", b"m", len(value))
        for key, part in value.items():
            put(out, key if isinstance(key, str) else str(key))
            put(out, part, depth + 1)
    else:
        put(out, str(value))


def take(body, at):
    """Reads what `put` wrote. Returns the value and where the next one begins."""
    letter, at = body[at], at + 1
    if letter in b"NTF":
        return {ord("N"): None, ord("T"): True, ord("F"): False}[letter], at
    if letter == ord("i"):
        return struct.unpack_from("<q", body, at)[0], at + 8
    if letter == ord("d"):
        return struct.unpack_from("<d", body, at)[0], at + 8
    if letter == ord("s"):
        (length,) = struct.unpack_from("<I", body, at)
        return bytes(body[at + 4 : at + 4 + length]).decode("utf-8"), at + 4 + length
    if letter == ord("a"):
        dtype = np.dtype(ARRAY_TYPES[body[at]]).newbyteorder("<")
        (size,) = struct.unpack_from("<I", body, at + 1)
        end = at + 5 + size * dtype.itemsize
        return np.frombuffer(body[at + 5 : end], dtype), end
    (count,) = struct.unpack_from("<I", body, at)
    at += 4
    if letter == ord("l"):
        parts = []
        for _ in range(count):
            part, at = take(body, at)
            parts.append(part)
        return parts, at
    pairs = {}
    for _ in range(count):
        key, at = take(body, at)
        pairs[key], at = take(body, at)
    return pairs, at


# --- Values of a space ----------------------------------------------------------------------------------------------


def sent_type(space):
    """Element type in which a box travels: 64-bit integers as the narrowest that holds the bounds."""
    name = space.dtype.name
    name = CONVERTED.get(name, name)
    if name in ("int64", "uint64"):
        low, high = int(space.low.min(initial=0)), int(space.high.max(initial=0))
        for narrower in ("int32", "uint32"):
            info = np.iinfo(narrower)
            if info.min <= low and high <= info.max:
                return narrower
        return "float64"
    return name


def bounds(space, name):
    """A box's bounds as doubles; infinite where an element of a signed type has none."""
    low = space.low.astype(np.float64).reshape(-1)
    high = space.high.astype(np.float64).reshape(-1)
    if not name.startswith("u"):
        low = np.where(space.bounded_below.reshape(-1), low, -np.inf)
        high = np.where(space.bounded_above.reshape(-1), high, np.inf)
    return low, high


def describe_space(space):
    kind = type(space).__name__
    if isinstance(space, spaces.Box):
        name = sent_type(space)
        low, high = bounds(space, name)
        return {"kind": "box", "low": low, "high": high, "shape": list(space.shape), "dtype": name}
    if isinstance(space, spaces.Discrete):
        return {"kind": "discrete", "n": int(space.n), "start": int(space.start)}
    if isinstance(space, spaces.MultiDiscrete):
        start = getattr(space, "start", np.zeros_like(space.nvec))
        return {
            "kind": "multi-discrete",
            "nvec": [int(n) for n in space.nvec.reshape(-1)],
            "start": [int(n) for n in start.reshape(-1)],
            "shape": list(space.shape),
        }
    if isinstance(space, spaces.MultiBinary):
        return {"kind": "multi-binary", "shape": list(space.shape), "vector": isinstance(space.n, (int, np.integer))}
    if isinstance(space, spaces.Tuple):
        return {"kind": "tuple", "spaces": [describe_space(part) for part in space.spaces]}
    if isinstance(space, spaces.Dict):
        keys = [str(key) for key in space.spaces]
        return {"kind": "dict", "keys": keys, "spaces": [describe_space(part) for part in space.spaces.values()]}
    return {"kind": "other", "name": kind, "text": re.sub(" at 0x[0-9a-f]+", "", repr(space))}


def wrong_shape(what, shape, wanted):
    return ValueError(f"{what} of shape {tuple(shape)}, its space says {tuple(wanted)}")


def writer(space):
    """A function that gives an observation's bytes."""
    if isinstance(space, spaces.Discrete):
        pack = struct.Struct("<q").pack
        return lambda value: pack(int(value))
    if isinstance(space, (spaces.Box, spaces.MultiDiscrete, spaces.MultiBinary)):
        name = (
            sent_type(space)
            if isinstance(space, spaces.Box)
            else "int32"
            if isinstance(space, spaces.MultiDiscrete)
            else "int8"
        )
        dtype, shape = np.dtype(name).newbyteorder("<"), tuple(space.shape)
        exact = space.dtype.name in ("int64", "uint64") and name == "float64"

        def write(value):
            if type(value) is not np.ndarray or value.dtype != dtype:
                value = np.asarray(value)
                if exact and value.size and max(abs(int(value.max())), abs(int(value.min()))) > 2**53:
                    raise ValueError("an observation beyond 2**53, which no double holds")
                value = value.astype(dtype)
            if value.shape != shape:
                raise wrong_shape("an observation", value.shape, shape)
            return value.tobytes()

        return write
    if isinstance(space, spaces.Tuple):
        parts = [writer(part) for part in space.spaces]

        def write_tuple(value):
            if len(value) != len(parts):
                raise wrong_shape("an observation", [len(value)], [len(parts)])
            return b"".join(write(part) for write, part in zip(parts, value))

        return write_tuple
    if isinstance(space, spaces.Dict):
        named = [(key, writer(part)) for key, part in space.spaces.items()]
        return lambda value: b"".join(write(value[key]) for key, write in named)

    def write_other(value):
        out = bytearray()
        put(out, value)
        return bytes(out)

    return write_other


def reader(space):
    """A function that turns what `take` gave into an action of the space."""
    if isinstance(space, spaces.Discrete):
        number = getattr(space, "dtype", np.dtype(np.int64)).type
        if space.n <= 4096:
            start = int(space.start)
            numbers = [number(start + i) for i in range(int(space.n))]
            return lambda value: numbers[value - start]
        return number
    if isinstance(space, (spaces.Box, spaces.MultiDiscrete, spaces.MultiBinary)):
        dtype, shape = space.dtype, tuple(space.shape)
        return lambda value: np.array(value, dtype=dtype).reshape(shape)
    if isinstance(space, spaces.Tuple):
        parts = [reader(part) for part in space.spaces]
        return lambda value: tuple(read(part) for read, part in zip(parts, value))
    if isinstance(space, spaces.Dict):
        named = {str(key): (key, reader(part)) for key, part in space.spaces.items()}
        return lambda value: {named[key][0]: named[key][1](part) for key, part in value.items()}
    return lambda value: value


# --- Environments ---------------------------------------------------------------------------------------------------


def load_module(name):
    """A module by its name, or a file by its path."""
    try:
        if name.endswith(".py"):
            path = os.path.abspath(name)
            if not os.path.exists(path):
                raise Missing(f"there is no file {name}")
            sys.path.insert(0, os.path.dirname(path))
            loaded = next((m for m in list(sys.modules.values()) if getattr(m, "__file__", None) == path), None)
            if loaded is not None:
                return loaded
            spec = importlib.util.spec_from_file_location(os.path.basename(path)[:-3].replace(".", "_"), path)
            module = importlib.util.module_from_spec(spec)
            sys.modules[spec.name] = module
            spec.loader.exec_module(module)
            return module
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise Missing(f"Python has no module {error.name}") from error


def find(full):
    """What an id means: a registered spec, or a class or function of a module."""
    module_name, _, name = full.rpartition(":")
    module = load_module(module_name) if module_name else None
    for prefix, registrar in REGISTERED_BY.items():
        if module is None and name.startswith(prefix) and name not in gymnasium.registry:
            try:
                imported = importlib.import_module(registrar)
            except ModuleNotFoundError as error:
                raise Missing(f"Python has no module {error.name}") from error
            if name not in gymnasium.registry:
                gymnasium.register_envs(imported)
                getattr(imported, "register_envs", lambda: None)()
    try:
        return gymnasium.spec(name)
    except gymnasium.error.Error as error:
        maker = getattr(module, name, None)
        if callable(maker):
            return maker
        near = difflib.get_close_matches(name, list(gymnasium.registry), 1, 0.6)
        same = [known for known in gymnasium.registry if known.rpartition("-v")[0] == name.rpartition("-v")[0]]
        hint = same[-1:] or near
        prefix = f"{module_name}:" if module_name else ""
        raise Unknown(json.dumps({"reason": str(error), "near": prefix + hint[0] if hint else None})) from error


def facts(found):
    """What is known before an environment is made."""
    threshold = getattr(found, "reward_threshold", None)
    limit = getattr(found, "max_episode_steps", None)
    doc = (getattr(found, "__doc__", None) or "").strip() if not hasattr(found, "entry_point") else ""
    return {
        "rewardThreshold": None if threshold is None else float(threshold),
        "maxEpisodeSteps": None if limit is None else int(limit),
        "entryPoint": str(getattr(found, "entry_point", "")),
        "summary": doc.split("\n")[0],
        "gymnasium": gymnasium.__version__,
        "python": sys.version.split()[0],
    }


def wrap(env, wrapper):
    """One of `wrappers`: a name of gymnasium.wrappers, or `module:Name`; or such a name with its arguments."""
    options = {"name": wrapper} if isinstance(wrapper, str) else dict(wrapper)
    full = options.pop("name")
    module_name, _, name = full.rpartition(":")
    module = load_module(module_name or "gymnasium.wrappers")
    if not hasattr(module, name):
        near = difflib.get_close_matches(name, dir(module), 1, 0.6)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ValueError(f"{module.__name__} has no wrapper {name}{hint}")
    return getattr(module, name)(env, **options)


class Server:
    def __init__(self):
        self.env = None

    def describe(self, body):
        return bytes_of(facts(find(json.loads(bytes(body))["id"])))

    def make(self, body):
        request = json.loads(bytes(body))
        found = find(request["id"])
        kwargs = dict(request["kwargs"])
        wrappers = kwargs.pop("wrappers", [])
        if not isinstance(wrappers, list):
            raise ValueError("wrappers is a list of names, the innermost first")
        if request["renderMode"] is not None:
            kwargs["render_mode"] = request["renderMode"]
        if hasattr(found, "entry_point"):
            env = gymnasium.make(found, **kwargs)
        else:
            limit = kwargs.pop("max_episode_steps", None)
            env = found(**kwargs)
            if limit is not None and limit > 0:
                env = gymnasium.wrappers.TimeLimit(env, limit)
        for wrapper in wrappers:
            env = wrap(env, wrapper)
        self.env = env
        self.observe = writer(env.observation_space)
        self.act = reader(env.action_space)
        described = facts(getattr(env, "spec", None) or found)
        metadata = getattr(env, "metadata", None) or {}
        described.update(
            observationSpace=describe_space(env.observation_space),
            actionSpace=describe_space(env.action_space),
            renderModes=[str(mode) for mode in metadata.get("render_modes", []) if mode is not None],
            renderFps=float(metadata.get("render_fps") or 30),
            renderMode=env.render_mode,
            actionMeanings=action_meanings(env),
        )
        return bytes_of(described)

    def reset(self, body):
        request = json.loads(bytes(body))
        observation, info = self.env.reset(seed=request["seed"], options=request["options"])
        return self.observe(observation) + bytes_of(info)

    def step(self, body):
        # Whole numbers, the actions of most environments, take the short way.
        action = STEP_NUMBER(body, 1)[0] if body[0] == 105 else take(body, 0)[0]
        observation, reward, terminated, truncated, info = self.env.step(self.act(action))
        flags = (1 if terminated else 0) | (2 if truncated else 0) | (4 if info else 0)
        head = STEP_HEAD(flags, float(reward)) + self.observe(observation)
        return head + bytes_of(info) if info else head

    def render(self, _):
        picture = self.env.render()
        if isinstance(picture, list):
            picture = picture[-1]
        if isinstance(picture, str) or picture is None:
            return bytes_of(picture or "")
        if hasattr(picture, "getvalue"):
            return bytes_of(picture.getvalue())
        picture = np.asarray(picture)
        if picture.ndim == 2:
            picture = np.repeat(picture[:, :, None], 3, axis=2)
        if picture.ndim != 3 or picture.shape[2] < 3:
            raise wrong_shape("a picture", picture.shape, ("height", "width", 3))
        if picture.dtype.kind == "f":
            # MinAtar paints with shares from 0 to 1.
            picture = np.round(picture * (255 if picture.max(initial=0) <= 1 else 1))
        picture = np.ascontiguousarray(picture[:, :, :3], dtype=np.uint8)
        return b"p" + struct.pack("<II", picture.shape[1], picture.shape[0]) + picture.tobytes()

    def space_at(self, request):
        space = self.env.observation_space if request["of"] == "observation" else self.env.action_space
        for step in request["path"]:
            space = list(space.spaces.values())[step] if isinstance(space, spaces.Dict) else space.spaces[step]
        return space

    def sample(self, body):
        return bytes_of(self.space_at(json.loads(bytes(body))).sample())

    def seed(self, body):
        request = json.loads(bytes(body))
        self.space_at(request).seed(request["seed"])
        return b""

    def close(self):
        if self.env is None:
            return
        try:
            self.env.close()
        except Exception:  # Nobody waits for an answer any more.
            if os.environ.get("BELLMAN_DEBUG"):
                traceback.print_exc()


STEP_NUMBER = struct.Struct("<q").unpack_from
STEP_HEAD = struct.Struct("<Bd").pack


def action_meanings(env):
    """Names of the actions where the environment has them: Atari's method, MiniGrid's enumeration."""
    try:
        base = env.unwrapped
        if hasattr(base, "get_action_meanings"):
            return [str(name) for name in base.get_action_meanings()]
        actions = getattr(base, "actions", None)
        if isinstance(actions, type) and hasattr(actions, "__members__"):
            return [name for name, _ in sorted(actions.__members__.items(), key=lambda item: int(item[1]))]
    except Exception:  # An environment's own business: it has no names then.
        pass
    return None


def bytes_of(value):
    if isinstance(value, dict) and not value:
        return b"m\0\0\0\0"
    out = bytearray()
    put(out, value)
    return bytes(out)


def place(error):
    """Where in the environment's own code an error arose, as `maze.py, line 12`."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    return f" ({os.path.basename(frames[-1].filename)}, line {frames[-1].lineno})" if frames else ""


def failure(error):
    if isinstance(error, Missing):
        return MISSING, str(error)
    if isinstance(error, Unknown):
        return UNKNOWN, str(error)
    text = str(error).strip().split("\n")[0]
    if type(error).__name__ == "DependencyNotInstalled":
        return MISSING, text
    return FAILED, f"{type(error).__name__}{': ' if text else ''}{text}{place(error)}"


def watch_parent(closing):
    """Ends this process when the one that started it is gone, even from within a step that never returns; not while the
    environment is closing, since it may have a film to finish."""
    parent = os.getppid()

    def watch():
        while os.getppid() == parent:
            time.sleep(1)
        if not closing.is_set():
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def start():
    """Imports what everything needs, so that a fault there is an answer like any other."""
    global np, gymnasium, spaces
    try:
        import numpy as np
    except ImportError as error:
        raise Missing(f"NumPy is not installed ({error})") from error
    try:
        import gymnasium
        from gymnasium import spaces
    except ImportError as error:
        raise Missing("Gymnasium is not installed") from error
    import gymnasium.wrappers  # noqa: F401


def main():
    os.set_inheritable(REQUESTS, False)
    os.set_inheritable(ANSWERS, False)
    # Where the user is, as with `python -c`, and not where this file lies.
    sys.path[0] = ""
    try:
        import faulthandler
        import signal

        # Asked for by this signal before the process is ended for taking too long: says where it hangs.
        faulthandler.register(signal.SIGUSR1, file=sys.stderr, all_threads=False)
    except (ImportError, AttributeError, OSError):
        pass
    closing = threading.Event()
    watch_parent(closing)
    server = Server()
    handlers = {
        DESCRIBE: server.describe,
        MAKE: server.make,
        RESET: server.reset,
        STEP: server.step,
        RENDER: server.render,
        SAMPLE: server.sample,
        SEED: server.seed,
    }
    started = False
    while True:
        try:
            kind, body = read_frame()
        except EOFError:
            break
        try:
            if not started:
                start()
                started = True
            answer = handlers[kind](body)
        except Exception as error:
            if os.environ.get("BELLMAN_DEBUG"):
                traceback.print_exc()
            code, text = failure(error)
            write_frame(code, text.encode("utf-8", "replace"))
            continue
        write_frame(OK, answer)
    closing.set()
    server.close()


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, KeyboardInterrupt):
        pass
