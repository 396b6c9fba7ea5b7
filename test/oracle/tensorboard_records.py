"""Records that Python's TensorBoard writes for given events, as hexadecimal, for src/log/tensorboard.test.ts.

    python tensorboard_records.py > src/log/fixtures/tensorboard-records.json

Recorded with tensorboard 2.21 (RecordWriter.write over event_pb2.Event.SerializeToString(deterministic=True)).
"""
import io
import json
import struct

import tensorboard
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2, types_pb2
from tensorboard.plugins.hparams import plugin_data_pb2
from tensorboard.plugins.hparams.summary_v2 import hparams_pb
from tensorboard.summary.writer.record_writer import RecordWriter


def record(event):
    stream = io.BytesIO()
    RecordWriter(stream).write(event.SerializeToString(deterministic=True))
    return stream.getvalue().hex()


def scalars(wall_time, step, values):
    summary = summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag=k, simple_value=v) for k, v in values.items()])
    return record(event_pb2.Event(wall_time=wall_time, step=step, summary=summary))


def tensors(wall_time, step, values):
    """As TensorFlow 2 and PyTorch's newer writers store scalars: one number as content, one as a list."""
    contents = [{"tensor_content": struct.pack("<f", values[0])}, {"float_val": [values[1]]}]
    summary = summary_pb2.Summary(
        value=[
            summary_pb2.Summary.Value(
                tag=f"{form}", tensor=tensor_pb2.TensorProto(dtype=types_pb2.DT_FLOAT, **content)
            )
            for form, content in zip(["content", "list"], contents)
        ]
    )
    return record(event_pb2.Event(wall_time=wall_time, step=step, summary=summary))


def text(wall_time, step, tag, content):
    tensor = tensor_pb2.TensorProto(
        dtype=types_pb2.DT_STRING,
        tensor_shape=tensor_shape_pb2.TensorShapeProto(dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=1)]),
        string_val=[content.encode()],
    )
    metadata = summary_pb2.SummaryMetadata(plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name="text"))
    value = summary_pb2.Summary.Value(tag=tag, tensor=tensor, metadata=metadata)
    return record(event_pb2.Event(wall_time=wall_time, step=step, summary=summary_pb2.Summary(value=[value])))


def hyperparameters(wall_time, values):
    """As TensorBoard's own, without a group: every run is a row of the table. One value, since maps have no order."""
    summary = hparams_pb(values, trial_id="group", start_time_secs=wall_time)
    data = summary.value[0].metadata.plugin_data
    content = plugin_data_pb2.HParamsPluginData.FromString(data.content)
    content.session_start_info.group_name = ""
    data.content = content.SerializeToString(deterministic=True)
    return record(event_pb2.Event(wall_time=wall_time, summary=summary))


print(
    json.dumps(
        {
            "tensorboard": tensorboard.__version__,
            "start": record(event_pb2.Event(wall_time=1700000000.25, file_version="brain.Event:2")),
            "scalar": scalars(1700000001.5, 1, {"reward": -21.0}),
            "several": scalars(1700000002.125, 3_000_000_000, {"epsilon": 0.02, "speed": 812.5, "reward/100": -20.9}),
            "special": scalars(1.0, 300, {"nan": float("nan"), "inf": float("-inf"), "zero": 0.0}),
            "number": hyperparameters(1700000004.5, {"gamma": 0.99}),
            "zero": hyperparameters(1700000004.5, {"seed": 0.0}),
            "word": hyperparameters(1700000004.5, {"env": "FrozenLake-v1"}),
            "flag": hyperparameters(1700000004.5, {"network.dueling": False}),
            "tensors": tensors(1700000005.0, 9, [-20.5, 0.25]),
            "text": text(1700000003.0, 7, "config", "**h\u00e9llo**"),
        },
        indent=1,
    )
)
