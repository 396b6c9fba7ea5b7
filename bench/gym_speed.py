"""Gymnasium's steps per second of processor time with random actions drawn beforehand: gym_speed.py ENV STEPS. Prints one number."""

import sys
import time
import warnings

import gymnasium
import numpy as np

warnings.filterwarnings("ignore")
env = gymnasium.make(sys.argv[1])
steps = int(sys.argv[2])
env.action_space.seed(0)
actions = [env.action_space.sample() for _ in range(min(steps, 4096))]
env.reset(seed=0)
started = time.process_time()
for t in range(steps):
    _, _, terminated, truncated, _ = env.step(actions[t % len(actions)])
    if terminated or truncated:
        env.reset()
print(steps / (time.process_time() - started))
