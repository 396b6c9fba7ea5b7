"""One learning step of BTR and of its network in PyTorch, as the oracle of src/agents/btr.test.ts.

    python test/oracle/btr_torch.py > src/agents/fixtures/btr.json

The network is made of PyTorch's modules (Conv2d, MaxPool2d, AdaptiveMaxPool2d, parametrizations.spectral_norm), the loss
written from the papers' equations, in double precision. Weights, noise and batch come from an integer hash that the test
evaluates identically. The online network runs in training mode, in which spectral_norm moves its vectors once, the target
network in evaluation mode. Written for torch 2.13 on the CPU.
"""

import json
import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

from hashed_numbers import tensor, uniform

BATCH, CHANNELS, SIDE, ACTIONS, HIDDEN, POOL, STEPS = 4, 2, 20, 3, 5, 2, 3
SECTIONS = [2, 4, 4]
TAUS, TARGET_TAUS, ACTING_TAUS, COSINES = 4, 3, 2, 4
GAMMA, ALPHA, TEMPERATURE, CLIP = 0.9, 0.9, 0.3, -1.0
torch.set_default_dtype(torch.float64)


class Noisy(nn.Module):
    """Fortunato et al. 2018, Eq. 9 to 11, with the noisy matrix formed."""

    def __init__(self, n, m):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.zeros(m, n)), nn.Parameter(torch.zeros(m))
        self.weight_sigma, self.bias_sigma = nn.Parameter(torch.zeros(m, n)), nn.Parameter(torch.zeros(m))

    def forward(self, x):
        return F.linear(
            x,
            self.weight + self.weight_sigma * torch.outer(self.e_out, self.e_in),
            self.bias + self.bias_sigma * self.e_out,
        )


class Net(nn.Module):
    def __init__(self, case, seed):
        super().__init__()
        self.case = case
        norm = spectral_norm if case["spectral"] else (lambda layer: layer)
        conv = lambda n, m: nn.Conv2d(n, m, 3, padding=1)
        inputs = CHANNELS
        self.named = []
        for i, filters in enumerate(SECTIONS):
            self.add(f"section{i}.conv.0", conv(inputs, filters))
            for block in (0, 1):
                for layer in (0, 1):
                    self.add(f"section{i}.residual{block}.{layer}", norm(conv(filters, filters)), filters)
            inputs = filters
        if case["layerNorm"]:
            self.add("section2.out.0", None, inputs)
        side = POOL if case["pool"] else 3
        features = inputs * side * side
        linear = Noisy if case["noisy"] else nn.Linear
        if case["implicit"]:
            self.add("tau.0", nn.Linear(COSINES, features))
        streams = {"value": 1, "advantage": ACTIONS} if case["dueling"] else {"fc": ACTIONS}
        for stream, n in streams.items():
            self.add(f"{stream}.0", linear(features, HIDDEN), HIDDEN if case["layerNorm"] else None)
            self.add(f"{stream}.2", linear(HIDDEN, n))
        self.streams = list(streams)
        self.fill(seed)

    def add(self, name, layer, normalized=None):
        key = name.replace(".", "_")
        if layer is not None:
            self.add_module(key, layer)
        has_norm = normalized is not None and self.case["layerNorm"]
        if has_norm:
            self.add_module(f"{key}_norm", nn.LayerNorm(normalized))
        self.named.append((name, layer, has_norm))

    def parts(self):
        """(name in TypeScript, tensor, fan-in), in the order of the TypeScript network."""
        for name, layer, has_norm in self.named:
            if layer is not None:
                spectral = hasattr(layer, "parametrizations")
                weight = layer.parametrizations.weight.original if spectral else layer.weight
                fan_in = weight[0].numel()
                yield f"{name}.weight", weight, fan_in
                if spectral:
                    yield f"{name}.weight_u", layer.parametrizations.weight[0]._u, len(weight)
                    yield f"{name}.weight_v", layer.parametrizations.weight[0]._v, fan_in
                yield f"{name}.bias", layer.bias, fan_in
                if isinstance(layer, Noisy):
                    yield f"{name}.weight_sigma", layer.weight_sigma, fan_in
                    yield f"{name}.bias_sigma", layer.bias_sigma, fan_in
            if has_norm:
                norm = getattr(self, f"{name.replace('.', '_')}_norm")
                yield f"{name}.norm.weight", norm.weight, None
                yield f"{name}.norm.bias", norm.bias, None

    @torch.no_grad()
    def fill(self, seed):
        for i, (name, value, fan_in) in enumerate(self.parts()):
            if name.endswith("norm.weight"):
                low, high = 0.5, 1.5
            elif name.endswith("norm.bias"):
                low, high = -0.5, 0.5
            elif name.endswith("sigma"):
                low, high = -0.3, 0.3
            else:
                high = 1.5 / math.sqrt(fan_in)
                low = -high
            value.copy_(tensor(tuple(value.shape), seed + i, low, high))

    def layer(self, name):
        return getattr(self, name.replace(".", "_"))

    def activate(self, y, name):
        if self.case["layerNorm"]:
            norm = self.layer(f"{name}_norm")
            y = norm(y.movedim(1, -1)).movedim(-1, 1)
        return y.relu()

    def forward(self, x, noise_seed, taus=None):
        k = 0
        for name, layer, _ in self.named:
            if isinstance(layer, Noisy):
                f = lambda e: e.sign() * e.abs().sqrt()
                m, n = layer.weight.shape
                layer.e_in, layer.e_out = f(tensor((n,), noise_seed + k, -2, 2)), f(tensor((m,), noise_seed + k + 1, -2, 2))
                k += 2
        y = x / 255
        for i in range(3):
            y = F.max_pool2d(self.layer(f"section{i}.conv.0")(y), 3, stride=2, padding=1)
            for block in (0, 1):
                z = y
                for layer in (0, 1):
                    name = f"section{i}.residual{block}.{layer}"
                    z = self.layer(name)(self.activate(z, name))
                y = y + z
        y = self.activate(y, "section2.out.0")
        if self.case["pool"]:
            y = F.adaptive_max_pool2d(y, POOL)
        y = y.flatten(1)
        if self.case["implicit"]:
            phi = self.layer("tau.0")(torch.cos(math.pi * torch.arange(COSINES) * taus[:, :, None])).relu()
            y = y[:, None, :] * phi
        out = []
        for stream in self.streams:
            z = self.layer(f"{stream}.0")(y)
            if self.case["layerNorm"]:
                z = self.layer(f"{stream}.0_norm")(z)
            out.append(self.layer(f"{stream}.2")(z.relu()))
        q = out[0] + out[1] - out[1].mean(-1, keepdim=True) if self.case["dueling"] else out[0]
        # [BATCH, ACTIONS] or [BATCH, ACTIONS, taus]
        return q.transpose(1, 2) if self.case["implicit"] else q


def step(name, **options):
    case = dict(name=name, implicit=False, noisy=False, dueling=False, munchausen=False, spectral=False, pool=False, layerNorm=False, weighted=False)
    case.update(options)
    online, target = Net(case, 100), Net(case, 300)
    target.eval()
    pixels = lambda seed: torch.from_numpy(np.floor(256 * uniform(BATCH * CHANNELS * SIDE * SIDE, seed))).reshape(BATCH, CHANNELS, SIDE, SIDE)
    x, next_x = pixels(1), pixels(2)
    taken = torch.from_numpy(np.floor(uniform(BATCH, 3) * ACTIONS).astype(np.int64))
    rewards = tensor((BATCH, STEPS), 4, -1, 1)
    r = sum(GAMMA**k * rewards[:, k] for k in range(STEPS))
    ended = torch.from_numpy(uniform(BATCH, 5) < 0.25)
    d = torch.where(ended, 0.0, GAMMA**STEPS)
    taus, target_taus = tensor((BATCH, TAUS), 7, 0, 1), tensor((BATCH, TARGET_TAUS), 8, 0, 1)
    acting = ((torch.arange(ACTING_TAUS) + 0.5) / ACTING_TAUS).expand(BATCH, -1)
    rows = torch.arange(BATCH)
    q_of = lambda out: out.mean(2) if case["implicit"] else out
    prediction = online(x, 500, taus)[rows, taken]
    with torch.no_grad():
        following = target(next_x, 700, target_taus)
        q = q_of(target(next_x, 700, acting))
        if case["munchausen"]:
            now = q_of(target(x, 700, acting))
            r = r + ALPHA * (TEMPERATURE * F.log_softmax(now / TEMPERATURE, 1)[rows, taken]).clamp(CLIP, 0)
            pi, soft = F.softmax(q / TEMPERATURE, 1), TEMPERATURE * F.log_softmax(q / TEMPERATURE, 1)
            if case["implicit"]:
                pi, soft = pi[:, :, None], soft[:, :, None]
            following = (pi * (following - soft)).sum(1)
        else:
            following = following[rows, q.argmax(1)]
        y = (r[:, None] + d[:, None] * following) if case["implicit"] else r + d * following
    if case["implicit"]:
        u = y[:, None, :] - prediction[:, :, None]
        huber = torch.where(u.abs() <= 1, 0.5 * u**2, u.abs() - 0.5)
        losses = ((taus[:, :, None] - (u < 0).double()).abs() * huber).mean(2).sum(1)
    else:
        losses = F.huber_loss(prediction, y, reduction="none")
    weights = tensor((BATCH,), 6, 0.1, 1) if case["weighted"] else torch.ones(BATCH)
    loss = (weights * losses).mean()
    loss.backward()
    online.eval()
    with torch.no_grad():
        for _, layer, _ in online.named:
            if isinstance(layer, Noisy):
                layer.weight_sigma.zero_()
                layer.bias_sigma.zero_()
        acted = q_of(online(x, 500, acting))
    numbers = lambda t: t.detach().flatten().tolist()
    return {
        **case,
        "loss": loss.item(),
        "q": numbers(acted),
        "vectors": {n: numbers(t) for n, t, _ in online.parts() if n.endswith(("_u", "_v"))},
        "gradients": {n: numbers(t.grad) for n, t, _ in online.parts() if t.grad is not None},
    }


btr = dict(implicit=True, noisy=True, dueling=True, munchausen=True, spectral=True, pool=True, weighted=True)
print(
    json.dumps(
        {
            "torch": torch.__version__,
            "cases": [
                step("Impala"),
                step("Impala with layer normalisation", layerNorm=True, dueling=True),
                step("Munchausen with 3-step returns", munchausen=True, spectral=True),
                step("BTR", **btr),
                step("BTR with layer normalisation", **btr, layerNorm=True),
            ],
        }
    )
)
