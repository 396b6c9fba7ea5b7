"""Makes skilled Pong players in other programs' formats: a network of Nature's DQN, as all three programs build it, learns the
values of a teacher (models/pong.onnx) from its own program's pictures, and their own code saves it.

    python test/oracle/foreign_pong_models.py TEACHER.onnx OUT SOURCE

SOURCE is the folder of the programs' own modules: Chapter06 of the textbook's third edition, and cleanrl. Besides what
foreign_pong.py needs: onnxruntime. Half of the games are seen as Stable-Baselines3 and the textbook show them, half as CleanRL does.
The student plays more and more of them itself, the teacher names the values of what it meets (DAgger, Ross et al. 2011).
Writes sb3-pong.zip, book-pong.dat and cleanrl-pong.cleanrl_model, and prints one line of JSON per round.
"""

import collections
import importlib.util
import json
import pathlib
import sys
import time

import ale_py
import cv2
import gymnasium
import numpy as np
import onnxruntime
import stable_baselines3
import torch
from stable_baselines3.common.atari_wrappers import EpisodicLifeEnv, FireResetEnv, MaxAndSkipEnv, NoopResetEnv
from torch import nn

gymnasium.register_envs(ale_py)
cv2.setNumThreads(1)
torch.set_num_threads(1)
ID = "PongNoFrameskip-v4"
GAMES = 8
ACTIONS = 6
# Share of the actions that the student chooses, steps that are stored, passes over everything stored so far, learning rate.
ROUNDS = [(0.0, 24_000, 5, 5e-4), (0.7, 12_000, 2, 5e-4), (1.0, 12_000, 2, 5e-4), (1.0, 12_000, 2, 2e-4)]
EPSILON = 0.05
BATCH = 64


def teacher_view(picture):
    """The second edition's ProcessFrame84, halved: models/pong.onnx sees 42x42."""
    gray = picture[:, :, 0] * np.float32(0.299) + picture[:, :, 1] * np.float32(0.587) + picture[:, :, 2] * np.float32(0.114)
    return cv2.resize(gray, (42, 55), interpolation=cv2.INTER_AREA)[9:51].astype(np.uint8)


def sb3_view(picture):
    return cv2.resize(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), (84, 84), interpolation=cv2.INTER_AREA)


def cleanrl_view(picture):
    return cv2.cvtColor(cv2.resize(picture, (84, 84), interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)


class Game:
    def __init__(self, seed):
        env = MaxAndSkipEnv(NoopResetEnv(gymnasium.make(ID), noop_max=30), skip=4)
        self.env = FireResetEnv(EpisodicLifeEnv(env))
        self.cleanrl = seed % 2 == 1
        self.view = cleanrl_view if self.cleanrl else sb3_view
        self.begin(seed)

    def begin(self, seed=None):
        picture, _ = self.env.reset(seed=seed)
        self.total = 0.0
        small, shown = teacher_view(picture), self.view(picture)
        self.small = collections.deque([np.zeros_like(small)] * 3 + [small], maxlen=4)
        # CleanRL's stack begins with the first picture four times, the others' with black.
        self.shown = collections.deque([shown if self.cleanrl else np.zeros_like(shown)] * 3 + [shown], maxlen=4)

    def step(self, action):
        """The score of a game that ends."""
        picture, reward, terminated, truncated, _ = self.env.step(action)
        self.total += float(reward)
        self.small.append(teacher_view(picture))
        self.shown.append(self.view(picture))
        if not (terminated or truncated):
            return None
        total = self.total
        self.begin()
        return total


class SpacesOnly(gymnasium.Env):
    """What Stable-Baselines3 has to know of the game to build its network: [4, 84, 84] bytes, six actions."""

    observation_space = gymnasium.spaces.Box(0, 255, (4, 84, 84), np.uint8)
    action_space = gymnasium.spaces.Discrete(ACTIONS)

    def reset(self, *, seed=None, options=None):
        return self.observation_space.sample(), {}

    def step(self, action):
        return self.observation_space.sample(), 0.0, True, False, {}


class Scales(nn.Module):
    """Around the network while it learns: inputs and values of mean 0 and deviation 1. Nearly all of a picture of Pong has one
    colour; as it comes, a network learns little but that colour in the updates there are."""

    def __init__(self, net, inputs, values):
        super().__init__()
        self.net = net
        self.mean, self.deviation = float(inputs.mean()), float(inputs.std())
        self.value_mean, self.value_deviation = float(values.mean()), float(values.std())

    def forward(self, x):
        # Its own division by 255 is taken back.
        return self.net((x - self.mean) / self.deviation * 255.0) * self.value_deviation + self.value_mean

    @torch.no_grad()
    def folded(self):
        """The same function as a plain network that sees bytes: both scales move into the first and last layer."""
        weights = {name: value.clone() for name, value in self.net.state_dict().items()}
        scale = 255.0 / self.deviation
        kernel = weights["conv.0.weight"]
        weights["conv.0.bias"] -= kernel.sum(dim=(1, 2, 3)) * (self.mean / self.deviation)
        weights["conv.0.weight"] = kernel * scale
        weights["fc.2.weight"] *= self.value_deviation
        weights["fc.2.bias"] = weights["fc.2.bias"] * self.value_deviation + self.value_mean
        return weights


def learn(net, optimizer, inputs, values, passes):
    """Values, and once more their differences between actions, which are what a greedy player acts on."""
    count, losses = len(inputs), []
    deviation = (values - values.mean(axis=1, keepdims=True)).std()
    for _ in range(passes * count // BATCH):
        rows = np.random.randint(count, size=BATCH)
        q, target = net(torch.as_tensor(inputs[rows])), torch.as_tensor(values[rows])
        error = q - target
        advantage = error - error.mean(dim=1, keepdim=True)
        loss = (error**2).mean() / net.value_deviation**2 + (advantage**2).mean() / float(deviation) ** 2
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 10)
        optimizer.step()
        losses.append(float(loss.detach()))
    return float(np.mean(losses[-200:]))


def load_module(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main(teacher_path, out, source):
    np.random.seed(0)
    torch.manual_seed(0)
    out, source = pathlib.Path(out), pathlib.Path(source)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    teacher = onnxruntime.InferenceSession(teacher_path, options)
    name = teacher.get_inputs()[0].name

    # The layers, and the weights that are learned, are those of the textbook's class.
    dqn_model = load_module(source / "Chapter06" / "lib" / "dqn_model.py", "dqn_model")
    plain = dqn_model.DQN((4, 84, 84), ACTIONS)
    net = None
    optimizer = torch.optim.Adam(plain.parameters(), lr=5e-4)
    games = [Game(seed) for seed in range(100, 100 + GAMES)]
    total_steps = sum(steps for _, steps, _, _ in ROUNDS)
    inputs = np.zeros((total_steps, 4, 84, 84), np.uint8)
    values = np.zeros((total_steps, ACTIONS), np.float32)
    stored = 0
    for number, (share, steps, passes, rate) in enumerate(ROUNDS):
        began, scores, agreed = time.time(), [], []
        for _ in range(steps // GAMES):
            small, shown = np.stack([np.stack(g.small) for g in games]), np.stack([np.stack(g.shown) for g in games])
            (target,) = teacher.run(None, {name: small})
            best = target.argmax(axis=1)
            chosen = best
            if net is not None:
                with torch.no_grad():
                    chosen = net(torch.as_tensor(shown)).argmax(dim=1).numpy()
            agreed.append(float((chosen == best).mean()))
            inputs[stored : stored + GAMES], values[stored : stored + GAMES] = shown, target
            stored += GAMES
            own = np.random.rand(GAMES) < share
            actions = np.where(own, chosen, best)
            random = np.random.rand(GAMES) < EPSILON
            actions = np.where(random, np.random.randint(ACTIONS, size=GAMES), actions)
            for game, action in zip(games, actions):
                score = game.step(int(action))
                if score is not None:
                    scores.append(score)
        played = time.time() - began
        for group in optimizer.param_groups:
            group["lr"] = rate
        if net is None:
            net = Scales(plain, inputs[:stored:50], values[:stored])
        loss = learn(net, optimizer, inputs[:stored], values[:stored], passes)
        line = {"round": number, "student": share, "scores": scores, "agreed": float(np.mean(agreed)), "loss": loss,
                "values": [float(values[:stored].mean()), float(values[:stored].std())],
                "seconds": [round(played), round(time.time() - began - played)]}
        print(json.dumps(line), flush=True)
        save(net.folded(), out, source)


def save(state, out, source):
    """By each program's own code; CleanRL's and Stable-Baselines3's networks take the same weights in the same order."""
    torch.save(state, out / "book-pong.dat")
    weights = list(state.values())

    # Only the class is taken of CleanRL's file, which imports an older Gymnasium.
    text = (source / "cleanrl" / "dqn_atari.py").read_text()
    code = text[text.index("class QNetwork") : text.index("def linear_schedule")]
    scope = {"nn": nn}
    exec(compile(code, "dqn_atari.py", "exec"), scope)
    cleanrl = scope["QNetwork"](collections.namedtuple("Spaces", "single_action_space")(gymnasium.spaces.Discrete(ACTIONS)))
    cleanrl.load_state_dict(dict(zip(cleanrl.state_dict(), weights, strict=True)))
    torch.save(cleanrl.state_dict(), out / "cleanrl-pong.cleanrl_model")

    sb3 = stable_baselines3.DQN("CnnPolicy", SpacesOnly(), buffer_size=1, device="cpu")
    sb3.q_net.load_state_dict(dict(zip(sb3.q_net.state_dict(), weights, strict=True)))
    sb3.q_net_target.load_state_dict(sb3.q_net.state_dict())
    sb3.save(out / "sb3-pong.zip")


if __name__ == "__main__":
    main(*sys.argv[1:])
