"""Some steps of StreamQ(lambda) in PyTorch, as the oracle of src/agents/stream-q.test.ts.

    python test/oracle/stream_q_torch.py > src/agents/fixtures/stream-q.json

Written from the paper's description (Elsayed, Vasan & Mahmood 2024) in double precision: statistics of observations and
returns from the whole history at each step, gradients by autograd, traces and ObGD parameter by parameter. Weights and
observations come from the integer hash of family_torch.py, which the test evaluates identically, so the fixture holds only
results. Written for torch 2.13 on the CPU.
"""

import json

import numpy as np
import torch
from torch.nn import functional as F

from hashed_numbers import tensor

torch.set_default_dtype(torch.float64)
INPUTS, HIDDEN, ACTIONS, STEPS = 5, 7, 3, 9
GAMMA, LAMBDA, ALPHA, KAPPA = 0.9, 0.8, 0.5, 2.0
SHAPES = {"fc.0.weight": (HIDDEN, INPUTS), "fc.0.bias": (HIDDEN,), "fc.2.weight": (HIDDEN, HIDDEN), "fc.2.bias": (HIDDEN,),
          "fc.4.weight": (ACTIONS, HIDDEN), "fc.4.bias": (ACTIONS,)}
# What happens at each step: the action, whether it was a best one, and how it ended.
ACTION = [0, 2, 1, 1, 0, 2, 2, 0, 1]
GREEDY = [True, True, False, True, True, True, True, False, True]
END = ["", "", "", "", "terminated", "", "", "truncated", ""]


def network(p, x):
    for layer in ("fc.0", "fc.2"):
        x = F.linear(x, p[f"{layer}.weight"], p[f"{layer}.bias"])
        x = F.leaky_relu(F.layer_norm(x, (HIDDEN,)))
    return F.linear(x, p["fc.4.weight"], p["fc.4.bias"])


weights = {name: tensor(shape, 100 + i).requires_grad_() for i, (name, shape) in enumerate(SHAPES.items())}
traces = {name: torch.zeros(shape) for name, shape in SHAPES.items()}
observed, returns = [], []


def see(x):
    observed.append(x)
    history = torch.stack(observed)
    variance = history.var(0) if len(observed) > 1 else torch.ones(INPUTS)
    return (x - history.mean(0)) / (variance + 1e-8).sqrt()


steps, number, discounted = [], 0, 0.0
state = see(tensor((INPUTS,), 1, -3, 3))
for t in range(STEPS):
    reward = float(tensor((1,), 200 + t, -2, 2)[0])
    discounted = GAMMA * discounted + reward
    returns.append(discounted)
    variance = np.var(returns, ddof=1) if len(returns) > 1 else 1.0
    scaled = reward / np.sqrt(variance + 1e-8)
    following = see(tensor((INPUTS,), 2 + 2 * t, -3, 3))
    with torch.no_grad():
        target = scaled + (0.0 if END[t] == "terminated" else GAMMA * network(weights, following).max().item())
    q = network(weights, state)[ACTION[t]]
    gradients = torch.autograd.grad(q, list(weights.values()))
    delta = target - q.item()
    for trace, gradient in zip(traces.values(), gradients):
        trace.mul_(GAMMA * LAMBDA if GREEDY[t] else 0.0).add_(gradient)
    norm = sum(trace.abs().sum().item() for trace in traces.values())
    step = ALPHA / max(1.0, ALPHA * KAPPA * max(abs(delta), 1.0) * norm)
    with torch.no_grad():
        for weight, trace in zip(weights.values(), traces.values()):
            weight += step * delta * trace
    steps.append({"q": q.item(), "delta": delta, "scaled": scaled})
    if END[t]:
        for trace in traces.values():
            trace.zero_()
        discounted = 0.0
        state = see(tensor((INPUTS,), 3 + 2 * t, -3, 3))
    else:
        state = following

print(
    json.dumps(
        {
            "torch": torch.__version__,
            "options": {"gamma": GAMMA, "lambda": LAMBDA, "learningRate": ALPHA, "kappa": KAPPA},
            "actions": ACTION,
            "greedy": GREEDY,
            "ends": END,
            "steps": steps,
            "weights": {name: weight.flatten().tolist() for name, weight in weights.items()},
            "state": state.tolist(),
        }
    )
)
