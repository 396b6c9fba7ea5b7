"""Sobol points and direction numbers, for src/tune/sobol.ts.

    python test/oracle/sobol_points.py points > src/tune/fixtures/sobol.json
    python test/oracle/sobol_points.py numbers > src/tune/joe-kuo.generated.ts

points: scipy.stats.qmc.Sobol(d=20, scramble=False).random(1000), as 16-bit numbers in base64, point by point: of the first 1,000 points
ten bits are in use. Fewer dimensions are the first ones of more. numbers: the first 64 dimensions of Joe and Kuo's file
new-joe-kuo-6.21201, as SciPy carries it. Written for SciPy 1.17.1, NumPy 2.4.6.
"""

import base64
import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import scipy.stats
from scipy.stats import qmc

DIMENSIONS, POINTS, SHIPPED = 20, 1000, 64

HEAD = """/*
 * Direction numbers by Stephen Joe and Frances Y. Kuo ("Constructing Sobol sequences with better two-dimensional projections", SIAM J. Sci.
 * Comput. 30, 2008; their file new-joe-kuo-6.21201). Copyright (c) 2008, Frances Y. Kuo and Stephen Joe. All rights reserved.
 * BSD-3-Clause: its text stands in THIRD-PARTY.md. Written by test/oracle/sobol_points.py.
 */

/** Of the dimensions from the second on: the primitive polynomial's bits, from its degree down, then the initial numbers m1, m2, ... */
export const JOE_KUO: readonly (readonly number[])[] = ["""


def points():
    fixed = qmc.Sobol(d=DIMENSIONS, scramble=False).random(POINTS) * 65536
    assert (fixed == np.floor(fixed)).all()
    data = base64.b64encode(fixed.astype("<u2").tobytes()).decode()
    note = f"SciPy {version('scipy')}, NumPy {version('numpy')}"
    print(json.dumps({"note": note, "dimensions": DIMENSIONS, "points": POINTS, "data": data}))


def numbers():
    file = np.load(Path(scipy.stats.__file__).parent / "_sobol_direction_numbers.npz")
    print(HEAD)
    for poly, row in zip(file["poly"][1:SHIPPED], file["vinit"][1:SHIPPED]):
        degree = int(poly).bit_length() - 1
        print(f"  [{', '.join(str(n) for n in [poly, *row[:degree]])}],")
    print("];")


{"points": points, "numbers": numbers}[sys.argv[1]]()
