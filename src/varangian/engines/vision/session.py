"""ONNX networks on the processor: one thread each, since a camera's work is spread by processes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from varangian.engines.vision.libraries import library
from varangian.kernel.results import Refused


class Network:
    """An ONNX file that is ready to run. Raises Refused when it cannot be read."""

    def __init__(self, path: Path, threads: int = 1) -> None:
        runtime = library("onnxruntime")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = threads
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = runtime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            words = str(error).splitlines()[0][:160]
            raise Refused(
                f"The network cannot be read: {words}",
                where=str(path),
                mend="Check the path and that the file is a whole ONNX model.",
            ) from error
        self.inputs: list[str] = [i.name for i in self._session.get_inputs()]
        self.shapes: list[list[Any]] = [i.shape for i in self._session.get_inputs()]
        self.outputs: list[str] = [o.name for o in self._session.get_outputs()]

    def run(self, *inputs: np.ndarray, outputs: Sequence[str] | None = None) -> list[np.ndarray]:
        return self._session.run(outputs, dict(zip(self.inputs, inputs, strict=True)))
