"""Vectors of Atari games with DQN's preprocessing in one thread: agent steps per second of CPU time with random actions.

atari_vector.py PEER GAME ... --steps N --environments N. PEER is ale-py or envpool, GAME ALE's name. Prints one JSON object.
"""

import argparse
import json
import time

import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("peer", choices=["ale-py", "envpool"])
parser.add_argument("games", nargs="+")
parser.add_argument("--steps", type=int, default=2000)
parser.add_argument("--environments", type=int, default=8)
args = parser.parse_args()
n = args.environments


def make_ale(game):
    from ale_py.vector_env import AtariVectorEnv

    env = AtariVectorEnv(game, n, num_threads=1)
    return env, env.single_action_space.n


def make_envpool(game):
    import envpool

    name = "".join(word.capitalize() for word in game.split("_"))
    env = envpool.make_gymnasium(f"{name}-v5", num_envs=n, num_threads=1, seed=0, reward_clip=True)
    return env, env.action_space.n


row = {}
for game in args.games:
    env, actions = {"ale-py": make_ale, "envpool": make_envpool}[args.peer](game)
    env.reset()
    draws = np.random.default_rng(0).integers(0, actions, (args.steps // n + 20, n), dtype=np.int32)
    for draw in draws[:20]:
        env.step(draw)
    started = time.process_time()
    for draw in draws[20:]:
        env.step(draw)
    row[game] = (len(draws) - 20) * n / (time.process_time() - started)
    env.close()
print(json.dumps(row))
