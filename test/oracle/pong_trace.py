"""Records games of the Atari 2600 cartridge for src/envs/pong/pong-rules.test.ts and pong.draw.test.ts.

    python test/oracle/pong_trace.py > test/oracle/fixtures/pong-games.json

Made with ale-py 0.12.1, gymnasium 1.4.0. PongNoFrameskip-v4, no no-ops, difficulty 0, mode 0; that game has no chance.
Actions and frames are deflated. Each frame's record is 5 bytes: ball x and y, opponent, player (RAM 49, 54, 50, 51) and 1 + reward. Screens are run
lengths of colour numbers: background, white, green, orange, black. They are chosen with the ball left of column 127:
further right the cartridge switches the ball late in the line and draws parts of it a row higher.
"""

import base64
import json
import sys
import zlib

import ale_py
import gymnasium as gym
import numpy as np

gym.register_envs(ale_py)
COLOURS = [(144, 72, 17), (236, 236, 236), (92, 186, 92), (213, 130, 74), (0, 0, 0)]


def random_player(rng):
    action = 0

    def act(frame, ram, before):
        nonlocal action
        if frame % 4 == 0:
            action = int(rng.integers(6))
        return action

    return act


def tracking_player(rng, fire):
    """Meets the ball with a part of the paddle that changes from ball to ball."""
    offset = 3

    def act(frame, ram, before):
        nonlocal offset
        x, y = int(ram[49]), int(ram[54])
        dx, dy = (x - int(before[49]), y - int(before[54])) if y and before[54] else (0, 0)
        if dx < 0 and x < 98:
            offset = int(rng.integers(-11, 20))
        action = 0
        if dx > 0 and x < 190:
            target = y + dy * (188 - x) / dx
            while target < 44 or target > 205:
                target = 88 - target if target < 44 else 410 - target
            away = target - offset - int(ram[51])
            if abs(away) > 6:
                action = 3 if away > 0 else 2
        if rng.random() < fire:
            action = {0: 1, 2: 4, 3: 5}[action]
        return action

    return act


def run_lengths(screen):
    numbers = np.full(screen.shape[:2], 255, np.uint8)
    for number, colour in enumerate(COLOURS):
        numbers[(screen == colour).all(-1)] = number
    flat = numbers.ravel()
    edges = np.flatnonzero(np.diff(flat)) + 1
    starts = np.concatenate([[0], edges])
    lengths = np.diff(np.concatenate([starts, [flat.size]]))
    return [[int(flat[s]), int(n)] for s, n in zip(starts, lengths)]


def record(name, player, screens_at):
    env = gym.make("PongNoFrameskip-v4")
    env.reset(seed=1)
    before = ram = env.unwrapped.ale.getRAM()
    actions, frames, screens = bytearray(), bytearray(), {}
    over = False
    while not over:
        action = player(len(actions), ram, before)
        before = ram
        screen, reward, over, _, _ = env.step(action)
        ram = env.unwrapped.ale.getRAM()
        actions.append(action)
        frames += bytes([ram[49], ram[54], ram[50], ram[51], 1 + int(reward)])
        if len(actions) in screens_at:
            screens[len(actions)] = run_lengths(screen)
    text = lambda data: base64.b64encode(zlib.compress(bytes(data), 9)).decode()
    return {"name": name, "actions": text(actions), "frames": text(frames), "screens": screens}


games = [
    record("random", random_player(np.random.default_rng(0)), [30, 100, 700, 2501, 3500]),
    record("tracking, hardly any fire", tracking_player(np.random.default_rng(6), 0.1), [900]),
    record("tracking, much fire", tracking_player(np.random.default_rng(8), 0.5), [1420]),
]
json.dump({"ale_py": ale_py.__version__, "gymnasium": gym.__version__, "games": games}, sys.stdout)
print()
