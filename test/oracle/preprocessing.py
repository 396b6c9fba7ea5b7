"""Records what Gymnasium's AtariPreprocessing makes of a console that does what a formula says, for
src/wrappers/atari-preprocessing.test.ts.

    python test/oracle/preprocessing.py > test/oracle/fixtures/atari-preprocessing.json

Made with Gymnasium 1.4.0, OpenCV 5.0.0 and NumPy 2.4.6. The console is written again in the test.
"""

import base64
import hashlib
import json
import sys

import cv2
import gymnasium as gym
import numpy as np
from gymnasium.wrappers import AtariPreprocessing

HEIGHT = 42


class Console(gym.Env):
    """Both the environment and its `ale`. Pixels are numbers of colours; of every four rows one changes in a frame."""

    _frameskip = 1

    def __init__(self, width: int, colours: int, length: int, end: str):
        self.width, self.length, self.end = width, length, end
        numbers = np.arange(colours)
        self.palette = np.stack([numbers * 37 % 256, numbers * 91 % 256, numbers * 151 % 256], 1).astype(np.uint8)
        red, green, blue = self.palette.T.astype(np.float64)
        self.gray = np.floor(red * 0.2989 + green * 0.587 + blue * 0.114 + 0.5).astype(np.uint8)
        self.observation_space = gym.spaces.Box(0, 255, (HEIGHT, width, 3), np.uint8)
        self.action_space = gym.spaces.Discrete(4)
        self.ale = self
        self.frame = 0

    def get_action_meanings(self):
        return ["NOOP", "FIRE", "UP", "DOWN"]

    def lives(self):
        return 3 - self.frame // 6

    def numbers(self):
        y, x = np.mgrid[:HEIGHT, : self.width]
        moved = np.where(y % 4 == self.frame % 4, 5 * self.frame, 0)
        return (3 * x + 5 * y + x * y // 7 + moved) % len(self.palette)

    def getScreenGrayscale(self, out):
        out[:] = self.gray[self.numbers()]

    def getScreenRGB(self, out):
        out[:] = self.palette[self.numbers()]

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.frame = 0
        return self.palette[self.numbers()], {"frame": 0, "reset": True}

    def step(self, action):
        self.frame += 1
        over = self.frame >= self.length
        terminated, truncated = over and self.end == "terminated", over and self.end == "truncated"
        return self.palette[self.numbers()], action + self.frame / 4, terminated, truncated, {"frame": self.frame}


def run(case: dict) -> dict:
    console = Console(case["width"], case["colours"], case["length"], case["end"])
    options = {key: tuple(value) if isinstance(value, list) else value for key, value in case["options"].items()}
    env = AtariPreprocessing(console, **options)
    pictures, told = hashlib.sha256(), []

    def note(observation, *rest):
        pictures.update(np.ascontiguousarray(observation).tobytes())
        told.append([float(observation.sum(dtype=np.float64)), *rest])

    observation, info = env.reset(seed=11)
    first = base64.b64encode(np.ascontiguousarray(observation[0]).tobytes()).decode()
    note(observation, info)
    for t in range(24):
        observation, reward, terminated, truncated, info = env.step(t * 7 % 4)
        note(observation, float(reward), bool(terminated), bool(truncated), info)
        if terminated or truncated:
            observation, info = env.reset()
            note(observation, info)
    return {**case, "space": str(env.observation_space), "first": first, "sha256": pictures.hexdigest(), "told": told}


CASES = [
    {"colours": 16, "length": 9, "end": "terminated", "options": {"screen_size": 30}},
    {"colours": 16, "length": 23, "end": "truncated", "options": {"noop_max": 3, "screen_size": [20, 12]}},
    {"colours": 200, "length": 14, "end": "terminated",
     "options": {"noop_max": 0, "frame_skip": 1, "screen_size": [16, 21], "grayscale_obs": False}},
    {"colours": 16, "length": 50, "end": "terminated",
     "options": {"frame_skip": 2, "terminal_on_life_loss": True, "grayscale_newaxis": True, "screen_size": 15}},
    {"colours": 300, "length": 15, "end": "truncated",
     "options": {"noop_max": 1, "frame_skip": 3, "scale_obs": True, "screen_size": [11, 30]}},
    {"colours": 256, "length": 11, "end": "terminated",
     "options": {"noop_max": 0, "scale_obs": True, "grayscale_obs": False, "screen_size": [13, 9]}},
]  # fmt: skip
runs = [run({"width": width, **case}) for case in CASES for width in (32, 30)]
versions = {"gymnasium": gym.__version__, "opencv": cv2.__version__, "numpy": np.__version__}
print(json.dumps({**versions, "runs": runs}), file=sys.stdout)
