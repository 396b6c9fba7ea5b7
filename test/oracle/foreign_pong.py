"""Plays Pong in another program's own environment, to be equal here game by game: by a model of that program, greedily, or by the
sum of what it shows, so that a single other pixel makes another game.

    python test/oracle/foreign_pong.py sb3 --model MODEL.zip
    python test/oracle/foreign_pong.py book --source SOURCE --model MODEL.dat
    python test/oracle/foreign_pong.py cleanrl --source SOURCE --model MODEL.cleanrl_model
    python test/oracle/foreign_pong.py gymnasium                     without a model: by the sum

SOURCE is the folder of the program's own modules: Chapter06 of the textbook's third edition, or a checkout of CleanRL, which
needs Gymnasium 0.29 and ale-py 0.8. Prints one line of JSON. With a model: its values of a made-up picture (foreign-pong.ts prints
ours), a game after one no-op as `bellman play --noops 1 --json` plays it, and games as `bellman eval --epsilon 0 --json` plays them.
Without: [return, steps] of each game, recorded in fixtures/foreign-games.json for seed 7.
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


def sb3_env(_):
    from stable_baselines3.common.atari_wrappers import AtariWrapper

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

    return Stack(AtariWrapper(gymnasium.make(ID), clip_reward=False))


def sb3_net(model, _source, _env):
    import stable_baselines3

    # Its features extractor divides by 255 itself.
    net = stable_baselines3.DQN.load(model, buffer_size=1, device="cpu").q_net
    return lambda o: net(torch.as_tensor(o[None]))


def book_env(source):
    sys.path.insert(0, source)
    from lib import wrappers
    from stable_baselines3.common import atari_wrappers

    env = wrappers.make_env(ID)
    # Its make_env has no no-ops; they are put innermost, so that games differ.
    layer = env
    while not isinstance(layer.env, atari_wrappers.MaxAndSkipEnv):
        layer = layer.env
    layer.env.env = atari_wrappers.NoopResetEnv(layer.env.env, noop_max=30)
    # Its BufferWrapper drops the seed.
    buffer_reset = env.reset

    def reset(*, seed=None, options=None):
        inner = env.env.reset
        env.env.reset = lambda **_: inner(seed=seed, options=options)
        try:
            return buffer_reset()
        finally:
            del env.env.reset

    env.reset = reset
    return env


def book_net(model, _source, env):
    from lib import dqn_model

    net = dqn_model.DQN(env.observation_space.shape, env.action_space.n)
    net.load_state_dict(torch.load(model, weights_only=True))
    return lambda o: net(torch.as_tensor(o[None]))


def cleanrl_env(source):
    sys.path.insert(0, source)
    from cleanrl.dqn_atari import make_env

    return make_env(ID, 0, 0, False, "")()


def cleanrl_net(model, _source, env):
    from cleanrl.dqn_atari import QNetwork

    net = QNetwork(collections.namedtuple("V", "single_action_space")(env.action_space))
    net.load_state_dict(torch.load(model))
    return lambda o: net(torch.as_tensor(np.asarray(o)[None]).float())


def gymnasium_env(_):
    return gymnasium.wrappers.FrameStackObservation(gymnasium.wrappers.AtariPreprocessing(gymnasium.make(ID)), 4)


PROGRAMS = {"sb3": (sb3_env, sb3_net), "book": (book_env, book_net), "cleanrl": (cleanrl_env, cleanrl_net),
            "gymnasium": (gymnasium_env, None)}


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", choices=PROGRAMS)
    parser.add_argument("--source")
    parser.add_argument("--model")
    parser.add_argument("--episodes", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--max-steps", type=int, default=100_000, help="after so many a game is given up")
    parser.add_argument("--skip", type=int, default=0, help="games that are begun but not played, before the others")
    options = parser.parse_args()
    make, load = PROGRAMS[options.program]
    env = make(options.source)

    def play(act, seed):
        observation, _ = env.reset(seed=seed) if seed is not None else env.reset()
        total, steps, actions, over = 0.0, 0, collections.Counter(), False
        while not over:
            action = act(observation)
            observation, reward, terminated, truncated, _ = env.step(action)
            actions[env.unwrapped.get_action_meanings()[action]] += 1
            # CleanRL clips rewards to their sign, which Pong's are anyway.
            total, steps, over = total + float(reward), steps + 1, terminated or truncated
            if steps == options.max_steps:
                break
        return total, steps, dict(actions)

    # EpisodicLifeEnv, or without one the environment itself.
    life = env
    while hasattr(life, "env") and "was_real_done" not in vars(life):
        life = vars(life).get("env", life.env)

    def games(act):
        for i in range(options.skip):
            env.reset(seed=options.seed if i == 0 else None)
            # EpisodicLifeEnv would go on with a game that was given up.
            vars(life).update(was_real_done=True)
        played = []
        for i in range(options.skip, options.episodes):
            played.append(play(act, options.seed if i == 0 else None))
            print(i, *played[-1], file=sys.stderr, flush=True)
            vars(life).update(was_real_done=True)
        return played

    if options.model is None:
        print(json.dumps([game[:2] for game in games(lambda o: int(np.asarray(o).sum(dtype=np.int64) % 6))]))
        return
    q = load(options.model, options.source, env)
    noops = env
    while not hasattr(type(noops), "override_num_noops") and "override_num_noops" not in vars(noops):
        noops = noops.env
    greedy = lambda o: int(q(o).argmax(dim=1))
    noops.override_num_noops = 1
    one = play(greedy, 0)
    noops.override_num_noops = None
    played = games(greedy)
    returns = [game[0] for game in played]
    i = np.arange(4 * 84 * 84)
    picture = ((i * 31 + i // 84 * 17 + i // 7056 * 101) % 256).astype(np.uint8).reshape(4, 84, 84)
    print(json.dumps({"q": q(picture)[0].tolist(), "oneNoop": one, "mean": float(np.mean(returns)), "std": float(np.std(returns, ddof=1)),
                      "stepsPerEpisode": float(np.mean([game[1] for game in played])), "returns": returns,
                      "steps": [game[1] for game in played]}))


main()
