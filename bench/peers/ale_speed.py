"""ale-py: emulated frames per second of CPU time with random minimal actions, screen unread and grayscale read.

ale_speed.py GAME --frames N. Prints one JSON object.
"""

import argparse
import json
import os
import time

import ale_py
import numpy as np
from ale_py import ALEInterface, LoggerMode

parser = argparse.ArgumentParser()
parser.add_argument("game")
parser.add_argument("--frames", type=int, default=5000)
args = parser.parse_args()
ALEInterface.setLoggerMode(LoggerMode.Error)
ale = ALEInterface()
ale.setInt("random_seed", 0)
ale.setFloat("repeat_action_probability", 0.0)
ale.loadROM(os.path.join(os.path.dirname(ale_py.__file__), "roms", args.game + ".bin"))
legal = ale.getMinimalActionSet()
actions = [legal[i] for i in np.random.default_rng(0).integers(0, len(legal), args.frames)]
gray = np.empty(ale.getScreenDims(), np.uint8)
row = {}
for name, read in (("act", False), ("act_and_gray", True)):
    started = time.process_time()
    for action in actions:
        ale.act(action)
        if read:
            ale.getScreenGrayscale(gray)
        if ale.game_over():
            ale.reset_game()
    row[name] = args.frames / (time.process_time() - started)
print(json.dumps(row))
