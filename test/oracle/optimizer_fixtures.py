"""PyTorch's optimizers and gradient clipping, as the oracle of src/nn/optimizers.test.ts.

    python test/oracle/optimizer_fixtures.py > test/oracle/fixtures/optimizers.json

Parameters and gradients come from integer formulas that the test repeats, all exact in single precision. Recorded are the
parameters after some steps. `nature` is the centered RMSProp with epsilon below the root (Graves 2013, equations 38 to
40), which PyTorch lacks: written out here in double precision. Written for torch 2.13 on the CPU.
"""

import json

import numpy as np
import torch

SIZE = 37
RECORDED = [1, 2, 3, 10, 60]


def parameters():
    i = np.arange(SIZE)
    return torch.tensor((i * 37 % 101 - 50) / 64, dtype=torch.float32)


def gradient(step):
    """Every fifth is always zero; the others span seven orders of magnitude."""
    i = np.arange(SIZE)
    value = ((i * 53 + step * 29) % 97 - 48) / 256.0
    return torch.tensor(np.where(i % 5 == 0, 0, value * 2.0 ** (-(i % 25))), dtype=torch.float32)


def run(make):
    p = torch.nn.Parameter(parameters())
    optimizer = make([p])
    out = {}
    for step in range(1, max(RECORDED) + 1):
        p.grad = gradient(step)
        optimizer.step()
        if step in RECORDED:
            out[step] = p.detach().tolist()
    return out


def nature(lr, alpha, eps):
    p, s, a, out = parameters().double(), 0.0, 0.0, {}
    for step in range(1, max(RECORDED) + 1):
        g = gradient(step).double()
        s = alpha * s + (1 - alpha) * g * g
        a = alpha * a + (1 - alpha) * g
        p = p - lr * g / (s - a * a + eps).sqrt()
        if step in RECORDED:
            out[step] = p.tolist()
    return out


def clipped(max_norm):
    p = torch.nn.Parameter(parameters())
    p.grad = gradient(1)
    norm = torch.nn.utils.clip_grad_norm_([p], max_norm)
    return {"norm": norm.item(), "grads": p.grad.tolist()}


O = torch.optim
print(
    json.dumps(
        {
            "versions": {"torch": torch.__version__},
            "adam": run(lambda p: O.Adam(p, lr=1e-2, foreach=False, fused=False)),
            "adamBook": run(lambda p: O.Adam(p, lr=1e-4, betas=(0.9, 0.999), eps=1e-3)),
            "radam": run(lambda p: O.RAdam(p, lr=1e-2, foreach=False)),
            "rmsprop": run(lambda p: O.RMSprop(p, lr=1e-2, alpha=0.95, eps=1e-4)),
            "rmspropCentered": run(lambda p: O.RMSprop(p, lr=1e-2, alpha=0.95, eps=1e-2, centered=True)),
            "nature": nature(0.00025, 0.95, 0.01),
            "sgd": run(lambda p: O.SGD(p, lr=0.1)),
            "sgdMomentum": run(lambda p: O.SGD(p, lr=0.1, momentum=0.9)),
            "clipNorm": {"long": clipped(0.01), "short": clipped(10.0)},
        }
    )
)
