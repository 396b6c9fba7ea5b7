"""One DQN step in PyTorch, as the oracle of test/oracle/dqn-step.test.ts.

    python test/oracle/dqn_step_torch.py > test/oracle/fixtures/dqn-step.json

Weights and batch come from an integer hash that the test evaluates identically, so the fixture holds only results:
loss, mean Q, and of each gradient the Euclidean norm and a few elements. Written for torch 2.13 on the CPU, float32.
"""

import json
import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from hashed_numbers import uniform

SAMPLES = 6


class Net(nn.Module):
    def __init__(self, conv, shape, hidden, actions, dueling):
        super().__init__()
        layers, channels = [], shape[0]
        for filters, kernel, stride, padding in conv:
            layers += [nn.Conv2d(channels, filters, kernel, stride, padding), nn.ReLU()]
            channels = filters
        if conv:
            self.conv = nn.Sequential(*layers)
        features = self.features(torch.zeros(1, *shape)).shape[1]
        self.dueling = dueling

        def stream(outputs):
            widths = [features, *hidden, outputs]
            parts = []
            for a, b in zip(widths, widths[1:]):
                parts += [nn.Linear(a, b), nn.ReLU()]
            return nn.Sequential(*parts[:-1])

        if dueling:
            self.value, self.advantage = stream(1), stream(actions)
        else:
            self.fc = stream(actions)

    def features(self, x):
        return (self.conv(x) if hasattr(self, "conv") else x).flatten(1)

    def forward(self, x):
        x = self.features(x)
        if not self.dueling:
            return self.fc(x)
        a = self.advantage(x)
        return self.value(x) + a - a.mean(1, keepdim=True)


def fill(net, first_seed):
    for i, parameter in enumerate(net.parameters()):
        fan_in = parameter[0].numel() if parameter.dim() > 1 else 64
        values = (2 * uniform(parameter.numel(), first_seed + i) - 1) / math.sqrt(fan_in)
        parameter.data = torch.from_numpy(values.astype(np.float32)).reshape(parameter.shape)


def observations(shape, batch, seed, pixels):
    u = uniform(batch * math.prod(shape), seed).reshape(batch, *shape)
    if pixels:
        return torch.from_numpy(np.floor(u * 256).astype(np.uint8)).float() / 255
    return torch.from_numpy((2 * u - 1).astype(np.float32))


def step(name, conv, shape, hidden, actions, batch, loss, dueling=False):
    online, target = (Net(conv, shape, hidden, actions, dueling) for _ in range(2))
    fill(online, 100)
    fill(target, 200)
    x = observations(shape, batch, 1, bool(conv))
    next_x = observations(shape, batch, 2, bool(conv))
    taken = torch.from_numpy(np.floor(uniform(batch, 3) * actions).astype(np.int64))
    rewards = torch.from_numpy((2 * uniform(batch, 4) - 1).astype(np.float32))
    discounts = torch.from_numpy(np.where(uniform(batch, 5) < 0.25, 0, 0.99).astype(np.float32))
    q = online(x).gather(1, taken[:, None])[:, 0]
    with torch.no_grad():
        y = rewards + discounts * target(next_x).max(1).values
    value = {"mse": F.mse_loss, "huber": F.huber_loss}[loss](q, y)
    value.backward()
    gradients = {}
    for key, parameter in online.named_parameters():
        g = parameter.grad.double().flatten().numpy()
        # Spread over the array; the largest one too, which is never a unit that happens to be off.
        at = sorted({*(int(k) for k in np.linspace(0, g.size - 1, SAMPLES)), int(np.abs(g).argmax())})
        gradients[key] = {
            "shape": list(parameter.shape),
            "norm": float(np.linalg.norm(g)),
            "at": at,
            "values": [float(g[k]) for k in at],
        }
    return {
        "name": name,
        "shape": list(shape),
        "actions": actions,
        "batch": batch,
        "loss": loss,
        "dueling": dueling,
        "result": {"loss": value.item(), "meanQ": q.mean().item()},
        "gradients": gradients,
    }


NATURE = [(32, 8, 4, 0), (64, 4, 2, 0), (64, 3, 1, 0)]
SMALL = [(32, 3, 2, 1)] * 4

torch.manual_seed(0)
print(
    json.dumps(
        {
            "torch": torch.__version__,
            "cases": [
                step("nature", NATURE, (4, 84, 84), [512], 6, 32, "mse"),
                step("dqn-2013", [(16, 8, 4, 0), (32, 4, 2, 0)], (4, 84, 84), [256], 4, 32, "huber"),
                step("small-42", SMALL, (4, 42, 42), [256], 6, 32, "huber", dueling=True),
                step("mlp", [], (4,), [128, 128], 2, 32, "mse"),
            ],
        }
    )
)
