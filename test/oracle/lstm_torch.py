"""PyTorch's nn.LSTM on sequences, as the oracle of src/nn/lstm.test.ts.

    python test/oracle/lstm_torch.py > src/nn/fixtures/lstm.json

Outputs, final state and gradients (autograd, double precision) of a loss that depends on every output and on the final
state; the state is emptied by hand before the steps that begin an episode. Inputs and weights come from the integer hash
that the test evaluates identically, so the fixture holds only results. Written for torch 2.13 on the CPU.
"""

import json

import torch

from hashed_numbers import tensor

torch.set_default_dtype(torch.float64)
BATCH, STEPS, INPUTS, UNITS = 3, 5, 4, 6
STARTS = [[0, 0, 0, 0, 0], [0, 0, 1, 0, 0], [1, 0, 0, 1, 1]]


def case(name, starts):
    layer = torch.nn.LSTM(INPUTS, UNITS, batch_first=True)
    with torch.no_grad():
        for i, weight in enumerate(layer.parameters()):
            weight.copy_(tensor(weight.shape, 10 + i))
    x = tensor((BATCH, STEPS, INPUTS), 1, -2, 2).requires_grad_()
    state = tensor((BATCH, 2 * UNITS), 2).requires_grad_()
    h, c = state[:, :UNITS], state[:, UNITS:]
    if starts is None:
        y, (h, c) = layer(x, (h[None], c[None]))
        h, c = h[0], c[0]
    else:
        outputs = []
        for t in range(STEPS):
            keep = 1 - torch.tensor(starts, dtype=torch.float64)[:, t : t + 1]
            out, (h, c) = layer(x[:, t : t + 1], ((h * keep)[None].contiguous(), (c * keep)[None].contiguous()))
            h, c = h[0], c[0]
            outputs.append(out)
        y = torch.cat(outputs, 1)
    after = torch.cat([h, c], 1)
    loss = (y * tensor(y.shape, 3)).sum() + (after * tensor(after.shape, 4)).sum()
    wanted = {"x": x, "state": state, **{f"lstm.{n}": p for n, p in layer.named_parameters()}}
    gradients = torch.autograd.grad(loss, list(wanted.values()))
    flat = lambda t: [round(v, 9) for v in t.flatten().tolist()]
    return {"name": name, "starts": starts, "y": flat(y), "after": flat(after),
            "gradients": {n: flat(g) for n, g in zip(wanted, gradients)}}


print(json.dumps({"torch": torch.__version__, "cases": [case("one episode", None), case("episodes that end within", STARTS)]}))
