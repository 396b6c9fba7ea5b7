"""Gymnasium with Stable-Baselines3's Atari wrappers: agent steps per second of CPU time on Pong with random actions.

atari_wrappers.py --steps N. Prints one JSON object.
"""

import argparse
import json
import time

import ale_py
import cv2
import gymnasium
import numpy as np
from stable_baselines3.common import atari_wrappers as sb3

parser = argparse.ArgumentParser()
parser.add_argument("--steps", type=int, default=1500)
args = parser.parse_args()
cv2.setNumThreads(1)
gymnasium.register_envs(ale_py)
env = gymnasium.make("PongNoFrameskip-v4")
for wrapper in (sb3.NoopResetEnv, sb3.MaxAndSkipEnv, sb3.EpisodicLifeEnv, sb3.FireResetEnv, sb3.WarpFrame):
    env = wrapper(env)
env = gymnasium.wrappers.FrameStackObservation(sb3.ClipRewardEnv(env), 4)
env.reset(seed=0)
actions = np.random.default_rng(0).integers(0, env.action_space.n, args.steps)
started = time.process_time()
for action in actions:
    _, _, terminated, truncated, _ = env.step(int(action))
    if terminated or truncated:
        env.reset()
print(json.dumps({"steps": args.steps / (time.process_time() - started)}))
