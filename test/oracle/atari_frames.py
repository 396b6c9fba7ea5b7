#!/usr/bin/env python3
"""Every frame of Atari 2600 games in ale-py, as checksums: what bench/atari-table.ts and the tests compare with.

  atari_frames.py FRAMES SEED GAME[:MODE[:DIFFICULTY]]... > records

No sticky actions. Actions are those of `bellman trace --ale`: number (x >> 16) mod n of the minimal set, held for 8 frames,
with x = 1103515245 x + 12345 mod 2^31 from SEED. After an end the game is reset. FRAMES + 1 records of 24 bytes a game,
little-endian: u32 CRC-32 of RAM, u32 CRC-32 of the palette-number screen, i32 reward, i16 lives, u8 over, u8 0,
u32 CRC-32 of the RGB and u32 of the gray screen (in every 60th record, else 0). The first record is of the start.
ale-py 0.12.1.
"""
import os
import struct
import sys
import zlib

import ale_py
from ale_py import ALEInterface, LoggerMode

frames, seed = int(sys.argv[1]), int(sys.argv[2])
ALEInterface.setLoggerMode(LoggerMode.Error)
out = sys.stdout.buffer
for spec in sys.argv[3:]:
    game, *chosen = spec.split(":")
    ale = ALEInterface()
    ale.setInt("random_seed", seed)
    ale.setFloat("repeat_action_probability", 0.0)
    ale.loadROM(os.path.join(os.path.dirname(ale_py.__file__), "roms", game + ".bin"))
    if chosen:
        ale.setMode(int(chosen[0]))
        if len(chosen) > 1:
            ale.setDifficulty(int(chosen[1]))
        ale.reset_game()
    actions = ale.getMinimalActionSet()
    x, action = seed, actions[0]
    for t in range(frames + 1):
        reward = 0
        if t > 0:
            if t % 8 == 1:
                x = (1103515245 * x + 12345) % (1 << 31)
                action = actions[(x >> 16) % len(actions)]
            reward = int(ale.act(action))
        over = ale.game_over()
        rgb = gray = 0
        if t % 60 == 0:
            rgb, gray = zlib.crc32(ale.getScreenRGB().tobytes()), zlib.crc32(ale.getScreenGrayscale().tobytes())
        ram, screen = zlib.crc32(ale.getRAM().tobytes()), zlib.crc32(ale.getScreen().tobytes())
        out.write(struct.pack("<IIihBBII", ram, screen, reward, ale.lives(), over, 0, rgb, gray))
        if over:
            ale.reset_game()
