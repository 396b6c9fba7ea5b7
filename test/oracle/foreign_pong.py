"""Plays Pong greedily with a model in its own program: one game after one no-op, and games after up to 30, all to be equal here.

    python test/oracle/foreign_pong.py sb3 MODEL.zip | book MODEL.dat SOURCE | cleanrl MODEL.cleanrl_model SOURCE

SOURCE is the folder of the program's own modules: Chapter06 of the textbook's third edition, or a checkout of CleanRL, which
needs Gymnasium 0.29 and ale-py 0.8. Prints one line of JSON: the values of a made-up picture (foreign-pong.ts prints ours), the
game as `bellman play --noops 1 --json` plays it, and returns and steps as `bellman eval --epsilon 0 --seed 0 --json` gives them.
With --episodes N, so many instead of 10; with --epsilon P the programs' own random actions, which are not ours.
"""

import argparse
import collections
import json
import sys

import ale_py
import gymnasium
import numpy as np
import torch

torch.set_num_threads(1)
ID = "PongNoFrameskip-v4"
if hasattr(gymnasium, "register_envs"):
    gymnasium.register_envs(ale_py)


def sb3(model):
    import stable_baselines3
    from stable_baselines3.common.atari_wrappers import AtariWrapper

    net = stable_baselines3.DQN.load(model, buffer_size=1).q_net

    class Stack(gymnasium.Wrapper):
        """VecTransposeImage of VecFrameStack: zeros before the first picture."""

        def reset(self, **options):
            observation, info = self.env.reset(**options)
            self.frames = collections.deque([np.zeros((84, 84), np.uint8)] * 3 + [observation[:, :, 0]], maxlen=4)
            return np.stack(self.frames), info

        def step(self, action):
            observation, *rest = self.env.step(action)
            self.frames.append(observation[:, :, 0])
            return np.stack(self.frames), *rest

    # Its features extractor divides by 255 itself.
    return Stack(AtariWrapper(gymnasium.make(ID), clip_reward=False)), lambda o: net(torch.as_tensor(o[None]))


def book(model, source):
    sys.path.insert(0, source)
    from lib import dqn_model, wrappers
    from stable_baselines3.common import atari_wrappers

    env = wrappers.make_env(ID)
    # Its make_env has no no-ops; they are put innermost, so that games differ.
    layer = env
    while not isinstance(layer.env, atari_wrappers.MaxAndSkipEnv):
        layer = layer.env
    layer.env.env = atari_wrappers.NoopResetEnv(layer.env.env, noop_max=30)
    net = dqn_model.DQN(env.observation_space.shape, env.action_space.n)
    net.load_state_dict(torch.load(model, weights_only=True))
    return env, lambda o: net(torch.as_tensor(o[None]))


def cleanrl(model, source):
    sys.path.insert(0, source)
    from cleanrl.dqn_atari import QNetwork, make_env

    env = make_env(ID, 0, 0, False, "")()
    vector = collections.namedtuple("V", "single_action_space")(env.action_space)
    net = QNetwork(vector)
    net.load_state_dict(torch.load(model))
    return env, lambda o: net(torch.as_tensor(np.asarray(o)[None]).float())


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", choices=["sb3", "book", "cleanrl"])
    parser.add_argument("arguments", nargs="+")
    parser.add_argument("--episodes", type=int, default=10)
    parser.add_argument("--epsilon", type=float, default=0.0)
    options = parser.parse_args()
    env, q = {"sb3": sb3, "book": book, "cleanrl": cleanrl}[options.program](*options.arguments)
    dice = np.random.default_rng(0)
    noops = env
    while not hasattr(type(noops), "override_num_noops") and "override_num_noops" not in vars(noops):
        noops = noops.env

    def play(seed):
        observation, _ = env.reset(seed=seed) if seed is not None else env.reset()
        total, steps, actions, over = 0.0, 0, collections.Counter(), False
        while not over:
            action = int(q(observation).argmax(dim=1))
            if dice.random() < options.epsilon:
                action = int(dice.integers(env.action_space.n))
            observation, reward, terminated, truncated, _ = env.step(action)
            actions[env.unwrapped.get_action_meanings()[action]] += 1
            # CleanRL clips rewards to their sign, which Pong's are anyway.
            total, steps, over = total + float(reward), steps + 1, terminated or truncated
        return total, steps, dict(actions)

    noops.override_num_noops = 1
    total, steps, actions = play(0)
    noops.override_num_noops = None
    games = [play(0 if i == 0 else None) for i in range(options.episodes)]
    returns = [game[0] for game in games]
    i = np.arange(4 * 84 * 84)
    picture = ((i * 31 + i // 84 * 17 + i // 7056 * 101) % 256).astype(np.uint8).reshape(4, 84, 84)
    print(json.dumps({
        "q": q(picture)[0].tolist(), "oneNoop": [total, steps, actions],
        "mean": float(np.mean(returns)), "std": float(np.std(returns, ddof=1)),
        "stepsPerEpisode": float(np.mean([game[1] for game in games])), "returns": returns,
    }))


main()
