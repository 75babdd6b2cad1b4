"""A compiled graph, called through its C interface.

torch's own Python binding holds the interpreter's lock for the whole forward pass, which would stop the event loop
and every other lane (pytorch issue 197516). Calls through ctypes let it go.
"""

import ctypes
import weakref
from ctypes import POINTER, byref, c_char_p, c_int32, c_int64, c_size_t, c_void_p
from functools import cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from .errors import DeviceError

_CPU, _ANY_INDEX = 0, -1
_SHAPE = c_int64 * 4


class NativeGraph:
    """One shared library made for one batch size: (batch, height, width, 3) uint8 to (batch, dim) float32."""

    def __init__(self, library: Path, batch: int, dim: int, *, callers: int) -> None:
        """`callers`: how many may be inside at once; more wait for each other."""
        self.batch = batch
        self._dim = dim
        code = ctypes.CDLL(str(library), mode=ctypes.RTLD_LOCAL)
        self._torch = _torch_library()
        self._run = code.AOTInductorModelContainerRun
        self._run.argtypes = [
            c_void_p, POINTER(c_void_p), c_size_t, POINTER(c_void_p), c_size_t, c_void_p, c_void_p
        ]  # fmt: skip
        create, delete = code.AOTInductorModelContainerCreateWithDevice, code.AOTInductorModelContainerDelete
        create.argtypes = [POINTER(c_void_p), c_size_t, c_char_p, c_char_p]
        delete.argtypes = [c_void_p]
        self._container = c_void_p()
        _check(create(byref(self._container), callers, b"cpu", None), "loaded")
        weakref.finalize(self, delete, self._container)

    def __call__(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        if pixels.shape[0] != self.batch or not pixels.flags.c_contiguous:
            raise ValueError(f"A graph for batches of {self.batch} was given {pixels.shape}.")
        image, features, numbers = c_void_p(), c_void_p(), c_void_p()
        _check(
            self._torch.aoti_torch_create_tensor_from_blob(
                pixels.ctypes.data, 4, _SHAPE(*pixels.shape), _SHAPE(*pixels.strides), 0,
                self._torch.aoti_torch_dtype_uint8(), _CPU, _ANY_INDEX, byref(image),
            ),
            "given a picture",
        )  # fmt: skip
        _check(self._run(self._container, byref(image), 1, byref(features), 1, None, None), "run")
        try:
            _check(self._torch.aoti_torch_get_data_ptr(features, byref(numbers)), "read")
            vectors = np.empty((self.batch, self._dim), np.float32)
            ctypes.memmove(vectors.ctypes.data, numbers, vectors.nbytes)
        finally:
            self._torch.aoti_torch_delete_tensor_object(features)
        return vectors


@cache
def _torch_library() -> ctypes.CDLL:
    library = ctypes.CDLL(str(Path(torch.__file__).parent / "lib" / "libtorch_cpu.so"))
    library.aoti_torch_create_tensor_from_blob.argtypes = [
        c_void_p, c_int64, POINTER(c_int64), POINTER(c_int64), c_int64, c_int32, c_int32, c_int32, POINTER(c_void_p)
    ]  # fmt: skip
    library.aoti_torch_get_data_ptr.argtypes = [c_void_p, POINTER(c_void_p)]
    library.aoti_torch_delete_tensor_object.argtypes = [c_void_p]
    return library


def _check(status: int, what: str) -> None:
    if status:
        raise DeviceError(f"The compiled graph could not be {what}.")
