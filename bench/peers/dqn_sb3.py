#!/usr/bin/env python3
"""Stable-Baselines3's DQN with the book's sizes on Pong: agent frames a second. dqn_sb3.py [--train-freq 1] [--frames 300]"""
import argparse
import json
import time

import ale_py
import gymnasium as gym
import stable_baselines3
import torch
from stable_baselines3 import DQN
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.env_util import make_atari_env
from stable_baselines3.common.vec_env import VecFrameStack

gym.register_envs(ale_py)
parser = argparse.ArgumentParser()
parser.add_argument("--env", default="PongNoFrameskip-v4")
parser.add_argument("--train-freq", type=int, default=1)
parser.add_argument("--frames", type=int, default=300)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--processor-time", action="store_true", help="of all threads, instead of wall time")
args = parser.parse_args()
now = time.process_time if args.processor_time else time.perf_counter
torch.set_num_threads(args.threads)
SETTLE = 1100


class Clock(BaseCallback):
    """Starts once learning has gone on for a while."""

    started = None

    def _on_step(self):
        if self.num_timesteps == SETTLE:
            self.started = now()
        return True


env = VecFrameStack(make_atari_env(args.env, n_envs=1, seed=0), 4)
sizes = dict(learning_rate=1e-4, buffer_size=10_000, learning_starts=1000, batch_size=32, target_update_interval=1000)
model = DQN("CnnPolicy", env, train_freq=args.train_freq, gradient_steps=1, **sizes)
clock = Clock()
model.learn(SETTLE + args.frames, callback=clock)
speed = args.frames / (now() - clock.started)
print(json.dumps({"peer": "sb3", "version": stable_baselines3.__version__, "train_freq": args.train_freq,
                  "frames_per_s": round(speed, 2)}))
