"""Writes src/core/random/ziggurat-noise.generated.ts from NumPy's table of constants.

    python test/oracle/ziggurat_tables.py numpy/random/src/distributions/ziggurat_constants.h

The tables follow from one number each (Marsaglia and Tsang 2000; 256 layers), but NumPy's were computed in double
precision once, with rounding noise of a few units in the last place, and equal streams need the noise too. So this
computes the tables in the arithmetic of src/core/random/ziggurat-tables.ts, line for line, and writes what NumPy's
differ by. It prints the SHA-256 of NumPy's tables, which the test of that file has.
"""
import hashlib
import math
import re
import struct
import sys

LN2 = 0.6931471805599453
LOWEST = -3

text = open(sys.argv[1]).read()
numpy = {}
for match in re.finditer(r"static const (\w+) (k[ie]|w[ie]|f[ie])_double\[\] = \{(.*?)\};", text, re.S):
    kind, name, body = match.groups()
    numbers = [v.strip() for v in body.replace("\n", " ").split(",") if v.strip()]
    assert len(numbers) == 256
    numpy[name] = [float(int(v.rstrip("UL"), 16) if kind == "uint64_t" else v) for v in numbers]


def exp(x):
    halvings = math.floor(x / LN2 + 0.5)
    rest = x - halvings * 6.9314718036912382e-1 - halvings * 1.9082149292705877e-10
    total = 1.0
    for n in range(16, 0, -1):
        total = 1 + (total * rest) / n
    return total * 2.0**halvings


def log(y, near):
    x = near
    for _ in range(6):
        x -= 1 - y / exp(x)
    return x


def bits(value):
    return struct.unpack("<q", struct.pack("<d", value))[0]


def noise(suffix, r, area, density, inverse, positions):
    """The differences of bounds, widths and densities; later layers build on NumPy's ends of earlier ones."""
    k, w, f = (numpy[letter + suffix] for letter in "kwf")
    ends = [width * positions for width in w]
    computed = [
        r if i == 255 else area / density(r) if i == 0 else inverse(area / ends[i + 1] + density(ends[i + 1]), ends[i + 1])
        for i in range(256)
    ]
    shares = [r / ends[0], 0.0] + [ends[i - 1] / ends[i] for i in range(2, 256)]
    densities = [1.0] + [density(end) for end in ends[1:]]
    return {
        "bounds": [int(k[i]) - math.floor(shares[i] * positions) for i in range(256)],
        "widths": [bits(w[i]) - bits(computed[i] / positions) for i in range(256)],
        "densities": [bits(f[i]) - bits(densities[i]) for i in range(256)],
    }


def normal_density(x):
    return exp(-0.5 * x * x)


R = 3.6541528853610088
normal = noise(
    "i",
    R,
    0.004928673233974652,
    normal_density,
    lambda y, near: math.sqrt(-2 * log(y, -0.5 * near * near)),
    2.0**52,
)
R = 7.69711747013105
exponential = noise("e", R, (R + 1) * exp(-R), lambda x: exp(-x), lambda y, near: -log(y, -near), 2.0**53)

with open("src/core/random/ziggurat-noise.generated.ts", "w") as out:
    out.write(
        "// Written by test/oracle/ziggurat_tables.py: what the tables of NumPy's ziggurat_constants.h (BSD-3-Clause,\n"
        "// Copyright (c) 2005-2026, NumPy Developers) have more than those that ziggurat-tables.ts computes.\n\n"
    )
    for name, tables in ("NORMAL", normal), ("EXPONENTIAL", exponential):
        out.write(f"/** Units in the last place by layer, a digit each: 0 is {LOWEST}. */\n")
        out.write(f"export const {name}_NOISE = {{\n")
        for table, values in tables.items():
            digits = [value - LOWEST for value in values]
            assert min(digits) >= 0 and max(digits) <= 9, (name, table, min(values), max(values))
            out.write(f"  {table}:\n    '{''.join(map(str, digits))}',\n")
        out.write("};\n")

for name in ("ki", "wi", "fi", "ke", "we", "fe"):
    print(name, hashlib.sha256(struct.pack("<256d", *numpy[name])).hexdigest()[:16])
