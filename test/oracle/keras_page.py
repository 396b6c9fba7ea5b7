"""Runs the programs of docs/guide/keras.md where Keras is installed, and compares with bellman: the mean of the same 20 episodes.

    python test/oracle/keras_page.py [STEPS]

Uses the backend that KERAS_BACKEND names. STEPS are those of the Keras training, default 3000.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).parents[2]
page = (ROOT / "docs/guide/keras.md").read_text()
steps = sys.argv[1] if len(sys.argv) > 1 else "3000"
with tempfile.TemporaryDirectory() as folder:
    for name, program in re.findall(r"^```python (\S+)\n(.*?)^```$", page, re.S | re.M):
        pathlib.Path(folder, name).write_text(program)

    def run(*command):
        printed = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
        print(printed.strip().splitlines()[-1])
        return printed

    bellman = ("npx", "--prefix", str(ROOT), "tsx", str(ROOT / "src/cli/main.ts"))
    run(*bellman, "train", "dqn-cart-pole", "--seed", "1", "--run", "runs/pole", "--stop-after", "6000")
    ours = run(*bellman, "eval", "runs/pole", "--episodes", "20", "--epsilon", "0", "--seed", "7")
    mean = re.search(r"Mean reward ([\d.]+)", ours)[1]
    print(f"bellman: mean reward {mean}")
    theirs = run(sys.executable, "keras_play.py", "runs/pole/best.onnx")
    assert theirs.split("mean reward ")[1].strip() == mean, "other episodes"
    run(sys.executable, "keras_dqn.py", steps)
    assert os.path.exists(os.path.join(folder, "pole.keras"))
