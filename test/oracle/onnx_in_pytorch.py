"""Opens in PyTorch, by onnx2torch, what export-models.ts wrote, and compares with the values recorded beside each model.

    npx tsx test/oracle/export-models.ts DIRECTORY && python test/oracle/onnx_in_pytorch.py DIRECTORY

onnx2torch 1.5 imports torchvision for two operators that are not needed here; without it a stand-in serves.
"""

import importlib.metadata
import json
import pathlib
import sys
import types

import numpy as np
import onnx
import torch

try:
    import torchvision  # noqa: F401
except ImportError:
    ops = types.ModuleType("torchvision.ops")
    ops.roi_align = None
    sys.modules["torchvision"] = types.ModuleType("torchvision")
    sys.modules["torchvision"].ops = ops
    sys.modules["torchvision.ops"] = ops
import onnx2torch

print(f"torch {torch.__version__}, onnx2torch {importlib.metadata.version('onnx2torch')}")
failed = False
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.onnx")):
    record = json.loads(path.with_suffix(".json").read_text())
    if list(record["outputs"]) != ["q"]:
        continue
    ((name, fed),) = record["inputs"].items()
    x = torch.as_tensor(np.array(fed["data"], dtype=fed["dtype"]).reshape(fed["shape"]))
    try:
        net = onnx2torch.convert(onnx.load(path)).eval()
        with torch.no_grad():
            q = net(x).numpy().ravel()
    except Exception as error:  # noqa: BLE001
        failed = True
        print(f"{path.name}: {type(error).__name__}: {str(error).splitlines()[0]}")
        continue
    worst = float(np.abs(q - np.array(record["outputs"]["q"]["data"])).max())
    failed |= not worst < 1e-5
    weights = sum(p.numel() for p in net.state_dict().values())
    print(f"{path.name}: {weights} numbers, largest difference {worst:.1e}")
sys.exit(failed)
