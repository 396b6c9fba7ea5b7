"""Prints what Python's TensorBoard reads from an events file or a folder of them, one JSON object.

    python read_events.py RUN_FOLDER

Used by hand and, recorded, by src/log/tensorboard.test.ts (tensorboard 2.21).
"""
import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

accumulator = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "tensors": 0})
accumulator.Reload()
tags = accumulator.Tags()
out = {"file_version": accumulator.file_version, "scalars": {}, "texts": {}}
for tag in tags["scalars"]:
    out["scalars"][tag] = [[e.step, e.wall_time, e.value] for e in accumulator.Scalars(tag)]
for tag in tags["tensors"]:
    plugin = accumulator.SummaryMetadata(tag).plugin_data.plugin_name
    out["texts"][tag] = [[e.step, plugin, [s.decode() for s in e.tensor_proto.string_val]] for e in accumulator.Tensors(tag)]
print(json.dumps(out, indent=1))
