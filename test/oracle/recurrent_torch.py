"""One learning step of PQN and DQN with a recurrent network in PyTorch, as the oracle of src/agents/recurrent.test.ts.

    python test/oracle/recurrent_torch.py > src/agents/fixtures/recurrent.json

An encoder with layer normalisation, nn.LSTM, and one stream of action values or two; losses over sequences within which
episodes end, gradients by autograd in double precision. Burn-in (Kapturowski et al. 2019, section 3) runs under no_grad,
each network on its own. Weights and batches come from the integer hash that the test evaluates identically, so the fixture
holds only results. Written for torch 2.13 on the CPU.
"""

import json

import torch
from torch.nn import functional as F

from hashed_numbers import tensor, uniform

torch.set_default_dtype(torch.float64)
INPUTS, HIDDEN, UNITS, ACTIONS, BATCH, GAMMA = 5, 7, 6, 3, 4, 0.9


def weights_of(dueling, seed):
    streams = [("value.0", 1), ("advantage.0", ACTIONS)] if dueling else [("fc.0", ACTIONS)]
    shapes = {"encoder.0.weight": (HIDDEN, INPUTS), "encoder.0.bias": (HIDDEN,),
              "encoder.0.norm.weight": (HIDDEN,), "encoder.0.norm.bias": (HIDDEN,),
              "lstm.weight_ih_l0": (4 * UNITS, HIDDEN), "lstm.weight_hh_l0": (4 * UNITS, UNITS),
              "lstm.bias_ih_l0": (4 * UNITS,), "lstm.bias_hh_l0": (4 * UNITS,)}
    for name, outputs in streams:
        shapes |= {f"{name}.weight": (outputs, UNITS), f"{name}.bias": (outputs,)}
    return {name: tensor(shape, seed + i).requires_grad_() for i, (name, shape) in enumerate(shapes.items())}


def unroll(p, x, state, starts):
    """Action values [B, T, actions] and the state after the last step."""
    layer = torch.nn.LSTM(HIDDEN, UNITS, batch_first=True)
    named = {name.removeprefix("lstm."): w for name, w in p.items() if name.startswith("lstm.")}
    h, c = state[:, :UNITS], state[:, UNITS:]
    hidden = []
    for t in range(x.shape[1]):
        z = F.linear(x[:, t], p["encoder.0.weight"], p["encoder.0.bias"])
        z = F.relu(F.layer_norm(z, (HIDDEN,), p["encoder.0.norm.weight"], p["encoder.0.norm.bias"]))
        keep = 1 - starts[:, t : t + 1]
        y, (h, c) = torch.func.functional_call(
            layer, named, (z[:, None], ((h * keep)[None].contiguous(), (c * keep)[None].contiguous())))
        h, c = h[0], c[0]
        hidden.append(y[:, 0])
    y = torch.stack(hidden, 1)
    if "fc.0.weight" in p:
        q = F.linear(y, p["fc.0.weight"], p["fc.0.bias"])
    else:
        a = F.linear(y, p["advantage.0.weight"], p["advantage.0.bias"])
        q = F.linear(y, p["value.0.weight"], p["value.0.bias"]) + a - a.mean(-1, keepdim=True)
    return q, torch.cat([h, c], 1)


def choices(shape, seed, n):
    return torch.from_numpy((uniform(shape[0] * shape[1], seed) * n).astype("int64")).reshape(shape)


def result(name, options, loss, prediction, p):
    flat = lambda t: [round(v, 9) for v in t.flatten().tolist()]
    gradients = torch.autograd.grad(loss, list(p.values()))
    return {"name": name, **options, "loss": loss.item(), "meanQ": prediction.mean().item(),
            "gradients": {n: flat(g) for n, g in zip(p, gradients)}}


def pqn(name, steps, dueling):
    p = weights_of(dueling, 100)
    starts = (choices((BATCH, steps), 5, 4) == 0).double()
    q, _ = unroll(p, tensor((BATCH, steps, INPUTS), 1, -2, 2), tensor((BATCH, 2 * UNITS), 2), starts)
    prediction = q.gather(2, choices((BATCH, steps), 3, ACTIONS)[..., None])[..., 0]
    loss = 0.5 * ((prediction - tensor((BATCH, steps), 4, -2, 2)) ** 2).mean()
    return result(name, {"steps": steps, "dueling": dueling}, loss, prediction, p)


def dqn(name, burn_in, length, n, dueling, double):
    online, target = weights_of(dueling, 100), weights_of(dueling, 200)
    steps = burn_in + length + n
    x, state = tensor((BATCH, steps, INPUTS), 1, -2, 2), tensor((BATCH, 2 * UNITS), 2)
    starts = (choices((BATCH, steps), 5, 4) == 0).double()

    def values(p):
        before = state
        if burn_in > 0:
            with torch.no_grad():
                _, before = unroll(p, x[:, :burn_in], state, starts[:, :burn_in])
        return unroll(p, x[:, burn_in:], before, starts[:, burn_in:])[0]

    q = values(online)
    prediction = q[:, :length].gather(2, choices((BATCH, length), 3, ACTIONS)[..., None])[..., 0]
    with torch.no_grad():
        following = values(target)[:, n:]
        best = (q[:, n:] if double else following).argmax(2, keepdim=True)
        discounts = GAMMA**n * (choices((BATCH, length), 6, 3) > 0).double()
        y = tensor((BATCH, length), 4, -2, 2) + discounts * following.gather(2, best)[..., 0]
    counted = (choices((BATCH, length), 7, 4) > 0).double()
    loss = (F.smooth_l1_loss(prediction, y, reduction="none") * counted).mean()
    options = {"burnIn": burn_in, "length": length, "nStep": n, "dueling": dueling, "double": double}
    return result(name, options, loss, prediction, online)


print(json.dumps({
    "torch": torch.__version__,
    "pqn": [pqn("one stream", 6, False), pqn("two streams, one step", 1, True)],
    "dqn": [dqn("plain", 0, 5, 1, False, False), dqn("burn-in, double, dueling, n-step", 3, 4, 2, True, True),
            dqn("n longer than the sequence", 2, 2, 3, False, True)],
}))
