"""One learning step of members of the DQN family in PyTorch, as the oracle of src/agents/family.test.ts.

    python test/oracle/family_torch.py > src/agents/fixtures/family.json

Written from the papers' equations, in the form that PyTorch programs have them: C51's projection as a loop over floor and
ceiling, noisy layers with the noisy matrix formed, double precision throughout. Weights, noise and batch come from an
integer hash that the test evaluates identically, so the fixture holds only results. Written for torch 2.13 on the CPU.
"""

import json
import math

import numpy as np
import torch
from torch.nn import functional as F

from hashed_numbers import tensor, uniform

BATCH, INPUTS, HIDDEN, ACTIONS = 6, 5, 7, 3
# Of implicit quantiles: width of the second hidden layer, N, N', K and cosines.
SECOND, TAUS, TARGET_TAUS, ACTING_TAUS, COSINES = 4, 5, 4, 3, 6
torch.set_default_dtype(torch.float64)


class Net:
    """Fully connected layers INPUTS-HIDDEN-(ACTIONS x width); parameters in the order of the TypeScript network.

    Implicit quantiles (Dabney et al. 2018): features INPUTS-HIDDEN times those of cos(pi i tau), then HIDDEN-SECOND-ACTIONS.
    """

    def __init__(self, case, seed):
        self.case, self.parameters = case, {}
        width = case["width"]
        streams = {"value": width, "advantage": ACTIONS * width} if case["dueling"] else {"fc": ACTIONS * width}
        self.layers = {s: [(f"{s}.0", INPUTS, HIDDEN), (f"{s}.2", HIDDEN, n)] for s, n in streams.items()}
        self.implicit = case["values"] == "implicit"
        if self.implicit:
            self.layers = {"features": [("features.0", INPUTS, HIDDEN)]}
            for s, n in streams.items():
                self.layers[s] = [(f"{s}.0", HIDDEN, SECOND), (f"{s}.2", SECOND, n)]
        for stream, layers in self.layers.items():
            if self.implicit and "tau.0.weight" not in self.parameters and stream != "features":
                for part, shape in (("weight", (HIDDEN, COSINES)), ("bias", (HIDDEN,))):
                    value = tensor(shape, seed + len(self.parameters))
                    self.parameters[f"tau.0.{part}"] = value.requires_grad_()
            for name, n, m in layers:
                for part in ["weight", "bias"] + (["weight_sigma", "bias_sigma"] if case["noisy"] else []):
                    shape = (m, n) if part.startswith("weight") else (m,)
                    value = tensor(shape, seed + len(self.parameters))
                    self.parameters[f"{name}.{part}"] = value.requires_grad_()

    def __call__(self, x, noise_seed, taus=None):
        f = lambda e: e.sign() * e.abs().sqrt()
        out, k = {}, 0
        for stream, layers in self.layers.items():
            y = x
            if self.implicit and stream != "features":
                # [B, N, HIDDEN]
                cosines = torch.cos(math.pi * torch.arange(COSINES) * taus[:, :, None])
                phi = F.linear(cosines, self.parameters["tau.0.weight"], self.parameters["tau.0.bias"]).relu()
                y = out["features"][:, None, :] * phi
            for name, n, m in layers:
                p = {part: self.parameters.get(f"{name}.{part}") for part in ("weight", "bias", "weight_sigma", "bias_sigma")}
                weight, bias = p["weight"], p["bias"]
                if self.case["noisy"]:
                    e_in, e_out = f(tensor((n,), noise_seed + k, -2, 2)), f(tensor((m,), noise_seed + k + 1, -2, 2))
                    k += 2
                    weight = weight + p["weight_sigma"] * torch.outer(e_out, e_in)
                    bias = bias + p["bias_sigma"] * e_out
                y = F.linear(y, weight, bias)
                if name.endswith(".0"):
                    y = y.relu()
            out[stream] = y
        if self.implicit:
            z = out["value"] + out["advantage"] - out["advantage"].mean(2, keepdim=True) if self.case["dueling"] else out["fc"]
            return z.transpose(1, 2)
        if not self.case["dueling"]:
            return out["fc"].reshape(len(x), ACTIONS, -1)
        v, a = out["value"].reshape(len(x), 1, -1), out["advantage"].reshape(len(x), ACTIONS, -1)
        return v + a - a.mean(1, keepdim=True)


V_MIN, V_MAX = -1.5, 2.0


def project(p, r, d, z):
    """Bellemare et al. 2017, Algorithm 1, sample by sample."""
    n, delta = len(z), float(z[1] - z[0])
    m = torch.zeros_like(p)
    for b in range(len(p)):
        for j in range(n):
            place = (min(max(float(r[b] + d[b] * z[j]), V_MIN), V_MAX) - V_MIN) / delta
            low, high = math.floor(place), min(math.ceil(place), n - 1)
            if low == high:
                m[b, low] += p[b, j]
            else:
                m[b, low] += p[b, j] * (high - place)
                m[b, high] += p[b, j] * (place - low)
    return m


def gaussian_histogram(y, edges, sigma):
    """Farebrother et al. 2024, Eq. 4 and 5, sample by sample: the normal distribution between edges, cut off at the ends."""
    rows = []
    for value in y.clamp(V_MIN, V_MAX):
        cdf = torch.distributions.Normal(value, sigma).cdf(edges)
        rows.append((cdf[1:] - cdf[:-1]) / (cdf[-1] - cdf[0]))
    return torch.stack(rows)


def step(name, values="scalar", width=1, loss="huber", dueling=False, noisy=False, double=False, munchausen=0.0, weighted=False):
    case = dict(name=name, values=values, width=width, loss=loss, dueling=dueling, noisy=noisy, double=double,
                munchausen=munchausen, weighted=weighted)
    online, target = Net(case, 100), Net(case, 200)
    x, next_x = tensor((BATCH, INPUTS), 1), tensor((BATCH, INPUTS), 2)
    taken = torch.from_numpy(np.floor(uniform(BATCH, 3) * ACTIONS).astype(np.int64))
    r = tensor((BATCH,), 4, -3, 3)
    d = torch.from_numpy(np.where(uniform(BATCH, 5) < 0.25, 0, np.float64(np.float32(0.9))))
    rows = torch.arange(BATCH)
    z = torch.linspace(V_MIN, V_MAX, width)
    edges = torch.linspace(V_MIN, V_MAX, width + 1)
    if values == "hl-gauss":
        z = (edges[1:] + edges[:-1]) / 2

    taus = tensor((BATCH, TAUS), 7, 0, 1)
    target_taus = tensor((BATCH, TARGET_TAUS), 8, 0, 1)
    acting_taus = ((torch.arange(ACTING_TAUS) + 0.5) / ACTING_TAUS).expand(BATCH, -1)

    def q_of(out):
        if values in ("categorical", "hl-gauss"):
            return (out.softmax(2) * z).sum(2)
        return out.mean(2)

    prediction = online(x, 300, taus)[rows, taken]
    with torch.no_grad():
        next_out = target(next_x, 500, target_taus)
        q = q_of(target(next_x, 500, acting_taus))
        if munchausen:
            tau, low = 0.3, -1.0
            q_now = q_of(target(x, 500, acting_taus))
            log_pi = tau * F.log_softmax(q_now / tau, 1)[rows, taken]
            r = r + munchausen * log_pi.clamp(low, 0)
            pi, soft = F.softmax(q / tau, 1), tau * F.log_softmax(q / tau, 1)
            following = (pi[:, :, None] * (next_out - soft[:, :, None])).sum(1)
        else:
            choice = q_of(online(next_x, 400, acting_taus)) if double else q
            following = next_out[rows, choice.argmax(1)]
        if values == "categorical":
            y = project(following.softmax(1), r, d, z)
        elif values == "hl-gauss":
            y = gaussian_histogram(r + d * (following.softmax(1) * z).sum(1), edges, 0.75 * (V_MAX - V_MIN) / width)
        else:
            y = r[:, None] + d[:, None] * following
    if values == "scalar":
        difference = prediction[:, 0] - y[:, 0]
        losses = difference**2 if loss == "mse" else F.huber_loss(prediction[:, 0], y[:, 0], reduction="none")
        errors, mean = difference.abs(), prediction[:, 0]
    elif values in ("categorical", "hl-gauss"):
        losses = -(y * prediction.log_softmax(1)).sum(1)
        errors = F.kl_div(prediction.log_softmax(1), y, reduction="none").sum(1)
        mean = (prediction.softmax(1) * z).sum(1)
    else:
        tau = taus.T if values == "implicit" else (torch.arange(width) + 0.5) / width
        losses = torch.zeros(BATCH)
        for i in range(len(tau)):
            # Of implicit quantiles, tau[i] is a column [B, 1] of drawn fractions.
            u = y - prediction[:, i : i + 1]
            huber = torch.where(u.abs() <= 1, 0.5 * u**2, u.abs() - 0.5)
            losses = losses + ((tau[i].reshape(-1, 1) - (u < 0).double()).abs() * huber).mean(1)
        errors, mean = losses, prediction.mean(1)
    weights = tensor((BATCH,), 6, 0.1, 1) if weighted else torch.ones(BATCH)
    total = (weights * losses).mean()
    total.backward()
    return {
        **case,
        "result": {"loss": total.item(), "meanQ": mean.mean().item(), "errors": errors.tolist()},
        "gradients": {key: p.grad.flatten().tolist() for key, p in online.parameters.items()},
    }


print(
    json.dumps(
        {
            "torch": torch.__version__,
            "cases": [
                step("plain", loss="mse"),
                step("double", double=True),
                step("dueling", dueling=True),
                step("prioritized", weighted=True),
                step("noisy", noisy=True),
                step("noisy dueling double", noisy=True, dueling=True, double=True),
                step("categorical", values="categorical", width=11, loss="cross-entropy"),
                step("HL-Gauss", values="hl-gauss", width=11, loss="cross-entropy"),
                step("HL-Gauss noisy dueling double", values="hl-gauss", width=11, loss="cross-entropy", noisy=True, dueling=True, double=True, weighted=True),
                step("quantile", values="quantile", width=8),
                step("one quantile", values="quantile", width=1),
                step("Munchausen", munchausen=0.9),
                step("Munchausen quantile", values="quantile", width=8, munchausen=0.9),
                step("double dueling quantile", values="quantile", width=4, double=True, dueling=True),
                step("implicit", values="implicit"),
                step("implicit double dueling, weighted", values="implicit", double=True, dueling=True, weighted=True),
                step("implicit noisy dueling Munchausen", values="implicit", noisy=True, dueling=True, munchausen=0.9),
                step("Rainbow", values="categorical", width=11, loss="cross-entropy", noisy=True, dueling=True, double=True, weighted=True),
            ],
        }
    )
)
