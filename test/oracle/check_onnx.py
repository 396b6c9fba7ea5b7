"""Checks with Python's onnx and onnxruntime what export-models.ts wrote.

    npx tsx test/oracle/export-models.ts DIRECTORY && python test/oracle/check_onnx.py DIRECTORY

For each model: onnx.checker (full, with shape inference), standard operators only, and outputs of Python's onnxruntime
within 1e-5 of those of onnxruntime-node, relative to each output's largest element.
"""

import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime

TYPES = {"float32": np.float32, "uint8": np.uint8, "int32": np.int32, "bool": np.bool_}


def array(record):
    return np.array(record["data"], dtype=TYPES[record["dtype"]]).reshape(record["shape"])


print(f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}")
failed = False
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.onnx")):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    assert all(node.domain in ("", "ai.onnx") for node in model.graph.node)
    record = json.loads(path.with_suffix(".json").read_text())
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    results = session.run(names, {name: array(value) for name, value in record["inputs"].items()})
    worst = 0.0
    for name, result in zip(names, results):
        expected = array(record["outputs"][name])
        assert result.shape == expected.shape and result.dtype == expected.dtype, name
        worst = max(worst, float(np.abs(result - expected).max() / max(1e-12, np.abs(expected).max())))
    failed |= worst > 1e-5
    inputs = ", ".join(f"{i.name} {i.type} {i.shape}" for i in session.get_inputs()[:2])
    print(f"{path.name}: valid, {len(model.graph.node)} nodes, {inputs} ..., largest difference {worst:.1e}")
sys.exit(failed)
