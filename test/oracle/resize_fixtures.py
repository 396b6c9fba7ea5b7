"""Records what OpenCV makes of pictures, for src/wrappers/{warp-frame,process-frame-84,area-resize}.test.ts.

    python test/oracle/resize_fixtures.py > test/oracle/fixtures/opencv-resize.json

Made with OpenCV 5.0.0 and NumPy 2.4.6. Inputs are not stored: `picture` is written again in the test.
"""

import base64
import json
import sys

import cv2
import numpy as np


def picture(height: int, width: int, seed: int) -> np.ndarray:
    """Noise from a 32-bit linear congruential generator; [height, width, 3]."""
    values = np.empty(height * width * 3, np.uint8)
    state = seed
    for i in range(values.size):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        values[i] = state >> 24
    return values.reshape(height, width, 3)


def warp(frame: np.ndarray, width: int, height: int) -> np.ndarray:
    """Stable-Baselines3's WarpFrame."""
    return cv2.resize(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), (width, height), interpolation=cv2.INTER_AREA)


def process84(frame: np.ndarray) -> np.ndarray:
    """The second edition's ProcessFrame84."""
    img = frame.astype(np.float32)
    img = img[:, :, 0] * 0.299 + img[:, :, 1] * 0.587 + img[:, :, 2] * 0.114
    return cv2.resize(img, (84, 110), interpolation=cv2.INTER_AREA)[18:102, :].astype(np.uint8)


def text(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


cases = []
for height, width, seed, out_width, out_height in [
    (210, 160, 1, 84, 84),
    (250, 160, 2, 84, 84),
    (210, 160, 3, 42, 42),
    (210, 160, 4, 80, 105),
    (37, 53, 5, 20, 36),
    (210, 160, 6, 32, 42),
    (210, 160, 7, 16, 21),
    # Both sides divided by whole numbers, with many ties.
    (210, 160, 8, 80, 70),
    (210, 160, 9, 16, 35),
    (60, 84, 10, 12, 30),
    (12, 60, 11, 10, 12),
    (40, 30, 12, 10, 10),
]:
    frame = picture(height, width, seed)
    case = {"height": height, "width": width, "seed": seed, "outWidth": out_width, "outHeight": out_height}
    case["warp"] = text(warp(frame, out_width, out_height))
    if (out_width, out_height, width) == (84, 84, 160):
        case["process84"] = text(process84(frame))
    cases.append(case)

json.dump({"opencv": cv2.__version__, "numpy": np.__version__, "cases": cases}, sys.stdout, indent=1)
print()
