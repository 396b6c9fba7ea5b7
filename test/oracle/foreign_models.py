"""Models as PyTorch, Stable-Baselines3 and CleanRL write them, and what these programs make of them: foreign-models.test.ts
compares. Records Q values of fixed observations, and greedy CartPole episodes.

    python test/oracle/foreign_models.py TRAINED

TRAINED holds models that the programs themselves trained; each is short enough for any machine:

    sb3-cart-pole.zip                stable_baselines3.DQN("MlpPolicy", "CartPole-v1", learning_rate=1e-3, batch_size=64,
                                     buffer_size=50000, learning_starts=1000, target_update_interval=250, train_freq=8,
                                     gradient_steps=4, exploration_fraction=0.3, exploration_final_eps=0.04,
                                     policy_kwargs=dict(net_arch=[32, 32]), seed=2).learn(40000)
    cleanrl-cart-pole.cleanrl_model  python cleanrl/dqn.py --save-model --total-timesteps 40000
    cleanrl-c51.cleanrl_model        python cleanrl/c51.py --save-model --total-timesteps 60000 --seed 3

The networks for pictures have the programs' layers and names, few channels and random weights. The versions stand in the record.
"""

import collections
import json
import pathlib
import shutil
import sys

import gymnasium
import numpy as np
import stable_baselines3
import torch
from torch import nn

FIXTURES = pathlib.Path(__file__).parent / "fixtures" / "foreign"
EPISODES = 10


def cart_pole_observations():
    angles = np.arange(32, dtype=np.float64).reshape(8, 4)
    return (np.sin(angles) * [2.0, 1.5, 0.2, 1.5]).astype(np.float32)


def pictures():
    i = np.arange(2 * 4 * 84 * 84, dtype=np.int64)
    return ((i * 31 + i // 84 * 17 + i // 7056 * 101) % 256).astype(np.uint8).reshape(2, 4, 84, 84)


def relus(*layers):
    parts = []
    for layer in layers:
        parts += [layer, nn.ReLU()]
    return parts[:-1]


def convolutions(a, b, c):
    return [nn.Conv2d(4, a, 8, stride=4), nn.ReLU(), nn.Conv2d(a, b, 4, stride=2), nn.ReLU(),
            nn.Conv2d(b, c, 3, stride=1), nn.ReLU(), nn.Flatten()]


class Noisy(nn.Module):
    """Names of CleanRL's and TorchRL's noisy layers; without noise, as when they evaluate."""

    def __init__(self, inputs, outputs):
        super().__init__()
        for name, shape in ("weight", (outputs, inputs)), ("bias", (outputs,)):
            bound = inputs**-0.5
            setattr(self, f"{name}_mu", nn.Parameter(torch.empty(shape).uniform_(-bound, bound)))
            setattr(self, f"{name}_sigma", nn.Parameter(torch.full(shape, 0.5 * bound)))
            self.register_buffer(f"{name}_epsilon", torch.randn(shape))

    def forward(self, x):
        return nn.functional.linear(x, self.weight_mu, self.bias_mu)


class Book(nn.Module):
    """The textbook's DQN: conv, fc."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(*convolutions(4, 4, 4))
        self.fc = nn.Sequential(nn.Linear(196, 16), nn.ReLU(), nn.Linear(16, 6))

    def forward(self, x):
        return self.fc(self.conv(x / 255.0))


class BookDueling(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(*convolutions(4, 4, 4))
        self.fc_adv = nn.Sequential(nn.Linear(196, 12), nn.ReLU(), nn.Linear(12, 6))
        self.fc_val = nn.Sequential(nn.Linear(196, 12), nn.ReLU(), nn.Linear(12, 1))

    def forward(self, x):
        features = self.conv(x / 255.0)
        advantage = self.fc_adv(features)
        return self.fc_val(features) + advantage - advantage.mean(dim=1, keepdim=True)


class BookDistributional(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(*convolutions(4, 4, 4))
        self.fc = nn.Sequential(nn.Linear(196, 12), nn.ReLU(), nn.Linear(12, 6 * 11))
        self.register_buffer("supports", torch.linspace(-10, 10, 11))

    def forward(self, x):
        probabilities = self.fc(self.conv(x / 255.0)).view(len(x), 6, 11).softmax(dim=2)
        return (probabilities * self.supports).sum(dim=2)


class CleanRainbow(nn.Module):
    """network, value_head, advantage_head: noisy, dueling, distributional."""

    def __init__(self):
        super().__init__()
        self.register_buffer("support", torch.linspace(-10, 10, 5))
        self.network = nn.Sequential(*convolutions(4, 4, 4))
        self.value_head = nn.Sequential(Noisy(196, 12), nn.ReLU(), Noisy(12, 5))
        self.advantage_head = nn.Sequential(Noisy(196, 12), nn.ReLU(), Noisy(12, 6 * 5))

    def forward(self, x):
        h = self.network(x / 255.0)
        value = self.value_head(h).view(-1, 1, 5)
        advantage = self.advantage_head(h).view(-1, 6, 5)
        probabilities = (value + advantage - advantage.mean(dim=1, keepdim=True)).softmax(dim=2)
        return (probabilities * self.support).sum(dim=2)


class Plain(nn.Module):
    """The textbook's CartPole network: net."""

    def __init__(self, sizes=(4, 24, 2)):
        super().__init__()
        self.net = nn.Sequential(*relus(*(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))))

    def forward(self, x):
        return self.net(x)


class SharedDueling(nn.Module):
    """A layer before the streams."""

    def __init__(self):
        super().__init__()
        self.feature = nn.Sequential(nn.Linear(4, 24), nn.ReLU())
        self.value_stream = nn.Sequential(nn.Linear(24, 8), nn.ReLU(), nn.Linear(8, 1))
        self.advantage_stream = nn.Sequential(nn.Linear(24, 10), nn.ReLU(), nn.Linear(10, 2))

    def forward(self, x):
        h = self.feature(x)
        advantage = self.advantage_stream(h)
        return self.value_stream(h) + advantage - advantage.mean(dim=1, keepdim=True)


def sequential(weights, prefix):
    """The fully connected layers under a prefix, as a network."""
    names = [name[: -len(".weight")] for name in weights if name.startswith(prefix) and name.endswith(".weight")]
    layers = []
    for name in names:
        weight, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
        layer = nn.Linear(weight.shape[1], weight.shape[0])
        layer.load_state_dict({"weight": weight, "bias": bias})
        layers.append(layer)
    return nn.Sequential(*relus(*layers))


def play(act):
    env = gymnasium.make("CartPole-v1")
    returns = []
    for episode in range(EPISODES):
        observation, _ = env.reset(seed=0 if episode == 0 else None)
        total, over = 0.0, False
        while not over:
            observation, reward, terminated, truncated, _ = env.step(act(observation))
            total += reward
            over = terminated or truncated
        returns.append(total)
    return returns


@torch.no_grad()
def main(trained):
    FIXTURES.mkdir(exist_ok=True)
    torch.manual_seed(7)
    models = {}

    def record(name, net, kind, episodes=False):
        inputs = torch.as_tensor(cart_pole_observations() if kind == "CartPole-v1" else pictures())
        q = net(inputs)
        entry = {"env": kind, "q": q.float().tolist()}
        if episodes:
            entry["returns"] = play(lambda o: int(net(torch.as_tensor(o[None])).argmax(dim=1)))
        models[name] = entry

    for name in ("sb3-cart-pole.zip", "cleanrl-cart-pole.cleanrl_model", "cleanrl-c51.cleanrl_model"):
        shutil.copy(trained / name, FIXTURES / name)
    sb3 = stable_baselines3.DQN.load(FIXTURES / "sb3-cart-pole.zip")
    record("sb3-cart-pole.zip", sb3.q_net, "CartPole-v1", True)
    own = models["sb3-cart-pole.zip"]["returns"]
    assert own == play(lambda o: int(sb3.predict(o, deterministic=True)[0])), "SB3's predict plays otherwise"
    weights = torch.load(FIXTURES / "cleanrl-cart-pole.cleanrl_model", weights_only=True)
    record("cleanrl-cart-pole.cleanrl_model", sequential(weights, "network"), "CartPole-v1", True)
    weights = torch.load(FIXTURES / "cleanrl-c51.cleanrl_model", weights_only=True)["model_weights"]
    logits = sequential(weights, "network")
    atoms = weights["atoms"]

    def c51(x):
        return (logits(x).view(len(x), 2, len(atoms)).softmax(dim=2) * atoms).sum(dim=2)

    record("cleanrl-c51.cleanrl_model", c51, "CartPole-v1", True)

    plain = Plain()
    torch.save(plain.state_dict(), FIXTURES / "book-cart-pole.dat")
    record("book-cart-pole.dat", plain, "CartPole-v1", True)
    torch.save(plain.state_dict(), FIXTURES / "before-1.6.dat", _use_new_zipfile_serialization=False)
    models["before-1.6.dat"] = models["book-cart-pole.dat"]
    checkpoint = {"epoch": 3, "model_state_dict": plain.state_dict(), "note": "best", "loss": 0.25, "rewards": [1.0, 2.0]}
    torch.save({**checkpoint, "optimizer_state_dict": torch.optim.Adam(plain.parameters()).state_dict()},
               FIXTURES / "checkpoint.pth")
    models["checkpoint.pth"] = models["book-cart-pole.dat"]
    double = Plain().double()
    torch.save(double.state_dict(), FIXTURES / "double.pth")
    record("double.pth", lambda x: double(x.double()), "CartPole-v1")
    turned = Plain()
    # Not contiguous: strides other than a row's length.
    turned.net[0].weight = nn.Parameter(torch.randn(4, 24).t())
    torch.save(turned.state_dict(), FIXTURES / "strides.pth")
    record("strides.pth", turned, "CartPole-v1")
    for dtype, name in (torch.bfloat16, "bfloat16.pth"), (torch.float16, "float16.pth"):
        rounded = Plain().to(dtype)
        torch.save(rounded.state_dict(), FIXTURES / name)
        record(name, rounded.float(), "CartPole-v1")
    dueling = SharedDueling()
    torch.save(dueling.state_dict(), FIXTURES / "shared-dueling.pth")
    record("shared-dueling.pth", dueling, "CartPole-v1", True)
    protocol4 = Plain()
    torch.save(protocol4.state_dict(), FIXTURES / "protocol-4.pth", pickle_protocol=4)
    record("protocol-4.pth", protocol4, "CartPole-v1")

    for name, net in (
        ("book-pong.dat", Book()),
        ("book-dueling.dat", BookDueling()),
        ("book-distributional.dat", BookDistributional()),
        ("cleanrl-rainbow.cleanrl_model", CleanRainbow()),
    ):
        net = net.half().float()
        torch.save(collections.OrderedDict((k, v.half()) for k, v in net.state_dict().items()), FIXTURES / name)
        record(name, net, "PongNoFrameskip-v4")

    # Models that PyTorch itself exports: one with a free batch, one for a single observation, one for pictures.
    exported = Plain()
    example = torch.zeros(1, 4)
    options = {"dynamo": False, "input_names": ["state"], "output_names": ["values"]}
    torch.onnx.export(exported, example, FIXTURES / "exported.onnx", dynamic_axes={"state": {0: "n"}}, **options)
    record("exported.onnx", exported, "CartPole-v1", True)
    torch.onnx.export(exported, example, FIXTURES / "single.onnx", **options)
    models["single.onnx"] = models["exported.onnx"]
    torch.onnx.export(Book(), torch.zeros(1, 4, 84, 84), FIXTURES / "exported-pong.onnx", **options)

    torch.save(plain, FIXTURES / "whole-module.pth")
    torch.save(plain, FIXTURES / "whole-module-before-1.6.pth", _use_new_zipfile_serialization=False)
    torch.jit.save(torch.jit.trace(plain, torch.zeros(1, 4)), FIXTURES / "script.pt")
    versions = {m.__name__: m.__version__ for m in (torch, stable_baselines3, gymnasium, np)}
    (FIXTURES / "record.json").write_text(json.dumps({"versions": versions, "models": models}) + "\n")
    for name, entry in models.items():
        print(name, entry.get("returns", ""), np.round(entry["q"][0], 3))


main(pathlib.Path(sys.argv[1]))
