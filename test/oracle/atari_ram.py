#!/usr/bin/env python3
"""RAM of an Atari 2600 game frame by frame, with the reward, lives and end that ALE reads from it.

  atari_ram.py FRAMES SEED GAME... > records

Random minimal actions, each held for 6 frames. Records of 140 bytes, little-endian: u8 kind (0 step, 1 reset), u8 over,
u16 0, i32 reward, i32 lives, 128 bytes of RAM. FRAMES step records a game, and a reset record first and after every end.
ale-py 0.12.1.
"""
import os
import struct
import sys

import ale_py
import numpy as np
from ale_py import ALEInterface, LoggerMode

frames, seed = int(sys.argv[1]), int(sys.argv[2])
ALEInterface.setLoggerMode(LoggerMode.Error)
out = sys.stdout.buffer
for game in sys.argv[3:]:
    ale = ALEInterface()
    ale.setInt("random_seed", seed)
    ale.setFloat("repeat_action_probability", 0.0)
    ale.loadROM(os.path.join(os.path.dirname(ale_py.__file__), "roms", game + ".bin"))
    actions = ale.getMinimalActionSet()
    draws = np.random.default_rng(seed).integers(0, len(actions), frames // 6 + 1)

    def write(kind, reward):
        out.write(struct.pack("<BBHii", kind, ale.game_over(), 0, int(reward), ale.lives()) + ale.getRAM().tobytes())

    write(1, 0)
    for t in range(frames):
        write(0, ale.act(actions[draws[t // 6]]))
        if ale.game_over():
            ale.reset_game()
            write(1, 0)
