#!/usr/bin/env python3
"""The book's DQN recipe as a PyTorch user writes it: agent frames a second, milliseconds per gradient step.

    dqn_torch.py [--network nature|dqn-2013|small-42] [--mode eager|fast|compile] [--frames 300] [--learn-only]

One agent frame: choose an action (a tenth at random), step PongNoFrameskip-v4 through Stable-Baselines3's wrappers, store,
draw 32 transitions, one gradient step with a target network, MSE and Adam. `fast` is channels-last memory and fused Adam,
`compile` puts torch.compile on top. --learn-only times gradient steps on random pictures (any network).
"""
import argparse
import collections
import json
import time

import numpy as np
import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--network", default="nature", choices=["nature", "dqn-2013", "small-42"])
parser.add_argument("--mode", default="eager", choices=["eager", "fast", "compile"])
parser.add_argument("--env", default="PongNoFrameskip-v4")
parser.add_argument("--warmup", type=int, default=1000)
parser.add_argument("--frames", type=int, default=300)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--learn-only", action="store_true")
parser.add_argument("--processor-time", action="store_true", help="of all threads, instead of wall time")
args = parser.parse_args()
clock = time.process_time if args.processor_time else time.perf_counter
torch.set_num_threads(args.threads)
layout = torch.contiguous_format if args.mode == "eager" else torch.channels_last
SIDE = 42 if args.network == "small-42" else 84
ACTIONS = 6


def network():
    if args.network == "nature":
        body = [(32, 8, 4, 0), (64, 4, 2, 0), (64, 3, 1, 0)]
        hidden = 512
    elif args.network == "dqn-2013":
        body = [(16, 8, 4, 0), (32, 4, 2, 0)]
        hidden = 256
    else:
        body = [(32, 3, 2, 1)] * 4
        hidden = 256
    layers, channels = [], 4
    for filters, kernel, stride, padding in body:
        layers += [nn.Conv2d(channels, filters, kernel, stride, padding), nn.ReLU()]
        channels = filters
    layers.append(nn.Flatten())
    features = nn.Sequential(*layers)(torch.zeros(1, 4, SIDE, SIDE)).shape[1]
    layers += [nn.Linear(features, hidden), nn.ReLU(), nn.Linear(hidden, ACTIONS)]
    return nn.Sequential(*layers).to(memory_format=layout)


online, target = network(), network()
target.load_state_dict(online.state_dict())
optimizer = torch.optim.Adam(online.parameters(), lr=1e-4, fused=args.mode != "eager" or None)


def scaled(x):
    return (x.float() / 255.0).contiguous(memory_format=layout)


def gradients(states, actions, rewards, ends, next_states):
    with torch.no_grad():
        y = rewards + 0.99 * (1 - ends) * target(scaled(next_states)).max(1)[0]
    q = online(scaled(states)).gather(1, actions[:, None])[:, 0]
    nn.functional.mse_loss(q, y).backward()


if args.mode == "compile":
    gradients = torch.compile(gradients)


def learn(replay):
    batch = [replay[i] for i in np.random.choice(len(replay), 32, replace=False)]
    states, actions, rewards, ends, next_states = zip(*batch)
    optimizer.zero_grad()
    gradients(
        torch.as_tensor(np.asarray(states)),
        torch.as_tensor(actions),
        torch.as_tensor(rewards, dtype=torch.float32),
        torch.as_tensor(ends, dtype=torch.float32),
        torch.as_tensor(np.asarray(next_states)),
    )
    optimizer.step()


result = {"peer": "torch", "mode": args.mode, "network": args.network, "version": torch.__version__, "threads": args.threads}
steps = []
if args.learn_only:
    pictures = np.random.randint(0, 256, (200, 4, SIDE, SIDE), np.uint8)
    memory = [(pictures[i], i % ACTIONS, float(i % 3 - 1), float(i % 9 == 0), pictures[i + 1]) for i in range(199)]
    for i in range(30 + args.frames):
        began = clock()
        learn(memory)
        if i >= 30:
            steps.append(clock() - began)
else:
    import ale_py
    import gymnasium as gym
    from stable_baselines3.common.atari_wrappers import AtariWrapper

    gym.register_envs(ale_py)
    env = AtariWrapper(gym.make(args.env), clip_reward=False, noop_max=0)
    replay = collections.deque(maxlen=10_000)
    blank = np.zeros((SIDE, SIDE), np.uint8)
    stack = collections.deque([blank] * 4, maxlen=4)

    def restart(**seed):
        stack.extend([blank] * 3 + [env.reset(**seed)[0][..., 0]])
        return np.stack(stack)

    state = restart(seed=0)
    settle = args.warmup + 30
    for i in range(settle + args.frames):
        if i == settle:
            started = clock()
        if np.random.random() < 0.1:
            action = int(env.action_space.sample())
        else:
            with torch.no_grad():
                action = int(online(scaled(torch.as_tensor(state)[None])).argmax(1))
        picture, reward, terminated, truncated, _ = env.step(action)
        stack.append(picture[..., 0])
        after = np.stack(stack)
        replay.append((state, action, float(reward), float(terminated or truncated), after))
        state = restart() if terminated or truncated else after
        if i >= args.warmup:
            began = clock()
            learn(replay)
            if i >= settle:
                steps.append(clock() - began)
    result["frames_per_s"] = round(args.frames / (clock() - started), 2)
result["ms_per_gradient_step"] = round(1e3 * float(np.median(steps)), 2)
print(json.dumps(result))
