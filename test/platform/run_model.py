"""Prints the action values that Python's onnxruntime computes with a model that `bellman train` wrote.

    python run_model.py MODEL.onnx < observations.json > values.json

observations.json: one observation a row, flattened. The model itself says shape and element type.
"""

import json
import sys

import numpy as np
import onnx
import onnxruntime

onnx.checker.check_model(sys.argv[1], full_check=True)
session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
source = session.get_inputs()[0]
dtype = {"tensor(uint8)": np.uint8, "tensor(float)": np.float32}[source.type]
rows = np.array(json.load(sys.stdin), dtype=dtype).reshape((-1, *source.shape[1:]))
print(json.dumps(session.run(["q"], {"observations": rows})[0].tolist()))
