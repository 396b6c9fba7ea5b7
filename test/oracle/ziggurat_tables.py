"""Writes src/core/random/ziggurat-tables.generated.ts from NumPy's table of constants.

    python test/oracle/ziggurat_tables.py numpy/random/src/distributions/ziggurat_constants.h

The tables follow from one number each (Marsaglia and Tsang 2000; 256 layers), but NumPy's were computed in double
precision once, with rounding noise of a few units in the last place, and equal streams need the noise too. So the
numbers are taken over as they are; this script checks them against the formula to 1e-14.
"""
import base64
import math
import re
import struct
import sys

text = open(sys.argv[1]).read()
tables = {}
for match in re.finditer(r"static const (\w+) (k[ie]|w[ie]|f[ie])_double\[\] = \{(.*?)\};", text, re.S):
    kind, name, body = match.groups()
    numbers = [v.strip() for v in body.replace("\n", " ").split(",") if v.strip()]
    assert len(numbers) == 256
    tables[name] = [float(int(v.rstrip("UL"), 16) if kind == "uint64_t" else v) for v in numbers]


def check(suffix, r, area, density, inverse, scale):
    x = [0.0] * 256
    x[255] = r
    for i in range(254, 0, -1):
        x[i] = inverse(area / x[i + 1] + density(x[i + 1]))
    base = area / density(r)
    w = [base / scale] + [v / scale for v in x[1:]]
    f = [1.0] + [density(v) for v in x[1:]]
    k = [r / base * scale, 0.0] + [x[i - 1] / x[i] * scale for i in range(2, 256)]
    for name, expected in (("w", w), ("f", f), ("k", k)):
        for mine, theirs in zip(expected, tables[name + suffix]):
            assert math.isclose(mine, theirs, rel_tol=1e-13), (name + suffix, mine, theirs)


r = 3.6541528853610088
tail = math.sqrt(math.pi / 2) * math.erfc(r / math.sqrt(2))
normal = lambda x: math.exp(-x * x / 2)
check("i", r, r * normal(r) + tail, normal, lambda y: math.sqrt(-2 * math.log(y)), 2.0**52)
r = 7.6971174701310497
exponential = lambda x: math.exp(-x)
check("e", r, (r + 1) * exponential(r), exponential, lambda y: -math.log(y), 2.0**53)

with open("src/core/random/ziggurat-tables.generated.ts", "w") as out:
    out.write(
        "// Written by test/oracle/ziggurat_tables.py. The values are those of NumPy's ziggurat_constants.h\n"
        "// (BSD-3-Clause, Copyright (c) 2005-2026, NumPy Developers).\n\n"
        "/** Per table 256 doubles, little-endian, in base64: `k` acceptance bounds, `w` widths, `f` densities;\n"
        " * `i` for the normal, `e` for the exponential distribution. */\n"
        "export const ZIGGURAT_TABLES = {\n"
    )
    for name in ("ki", "wi", "fi", "ke", "we", "fe"):
        out.write(f"  {name}: '{base64.b64encode(struct.pack('<256d', *tables[name])).decode()}',\n")
    out.write("};\n")
