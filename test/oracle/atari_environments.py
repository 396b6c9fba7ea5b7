#!/usr/bin/env python3
"""Episodes of ale-py's environments, as JSON lines: what test/oracle/atari.test.ts compares with.

  atari_environments.py CASES > lines

CASES is a JSON array of cases. {"id", "kwargs", "seed", "steps"}: the environment, reset with the seed, random actions of its
action space (seeded too), reset without a seed after an end. "preprocessing": arguments of Gymnasium's AtariPreprocessing
around it. {"vector": arguments of AtariVectorEnv, "seed", "steps"}: actions (7 t + 3 i) mod n in environment i; of a stick
[((5 t + i) mod 9) / 8, pi (((7 t + 3 i) mod 17) / 8 - 1), t mod 2]. "resets": {"after", "seeds"}: after these steps the
environments with a seed that is not null are reset with it.
A line: [CRC-32 of the observation, reward, terminated, truncated, info]; the vector's has lists. Pictures of wrappers come
whole, in hexadecimal, instead of their checksum, in every 8th line. gymnasium 1.4.0, ale-py 0.12.1.
"""
import json
import sys
import zlib

import ale_py
import gymnasium as gym
import numpy as np
from gymnasium.wrappers import AtariPreprocessing

gym.register_envs(ale_py)


def plain(value):
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(part) for part in value]
    return value.tolist() if isinstance(value, (np.generic, np.ndarray)) else value


def line(t, obs, rest, whole):
    obs = np.ascontiguousarray(obs)
    picture = (obs * 255).round().astype(np.uint8) if obs.dtype == np.float32 else obs
    shown = picture.tobytes().hex() if whole and t % 8 == 0 else (0 if whole else zlib.crc32(obs.tobytes()))
    print(json.dumps([shown, *[plain(part) for part in rest]]))


for case in json.loads(sys.argv[1]):
    steps, seed = case["steps"], case["seed"]
    if "vector" in case:
        env = ale_py.AtariVectorEnv(num_threads=1, **case["vector"])
        stick = case["vector"].get("continuous", False)
        i = np.arange(env.num_envs)
        obs, info = env.reset(seed=seed)
        line(0, obs, [info], True)
        for t in range(1, steps + 1):
            if stick:
                radius, angle = ((5 * t + i) % 9) / 8, np.pi * (((7 * t + 3 * i) % 17) / 8 - 1)
                actions = np.stack([radius, angle, np.full(i.shape, t % 2)], axis=1).astype(np.float32)
            else:
                actions = (7 * t + 3 * i) % env.single_action_space.n
            obs, reward, terminated, truncated, info = env.step(actions)
            info.pop("final_obs", None)
            line(t, obs, [reward, terminated, truncated, info], True)
            if t in case.get("resets", {}).get("after", []):
                seeds = case["resets"]["seeds"]
                mask = np.array([one is not None for one in seeds])
                obs, info = env.reset(seed=np.array([one for one in seeds if one is not None]), options={"reset_mask": mask})
                line(t, obs, [info], True)
        env.close()
        continue
    env = gym.make(case["id"], **{k: tuple(v) if isinstance(v, list) else v for k, v in case["kwargs"].items()})
    whole = "preprocessing" in case
    if whole:
        env = AtariPreprocessing(env, **case["preprocessing"])
    env.action_space.seed(seed)
    obs, info = env.reset(seed=seed)
    line(0, obs, [info], whole)
    for t in range(1, steps + 1):
        obs, reward, terminated, truncated, info = env.step(env.action_space.sample())
        line(t, obs, [reward, terminated, truncated, info], whole)
        if terminated or truncated:
            obs, info = env.reset()
            line(t, obs, [info], whole)
    env.close()
