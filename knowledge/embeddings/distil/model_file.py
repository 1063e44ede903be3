"""Writes and reads the model's file; the layout is described in knowledge/embeddings/model-file.ts."""

import hashlib
import struct
from pathlib import Path

import numpy as np

MAGIC, VERSION = b"WENBANEM", 1


def quantised(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int8 rows and a float32 scale for each: `rows ≈ int8 · scale`."""
    scales = (np.abs(rows).max(axis=1) / 127).astype(np.float32)
    return np.rint(rows / np.maximum(scales, 1e-12)[:, None]).clip(-127, 127).astype(np.int8), scales


def write(path: Path, vocabulary: list[str], rows: np.ndarray) -> None:
    numbers, scales = quantised(rows)
    text = "\n".join(vocabulary).encode()
    padding = b"\0" * (-(8 + 16 + 32 + len(text)) % 4)
    body = text + padding + scales.astype("<f4").tobytes() + numbers.tobytes()
    header = MAGIC + struct.pack("<4I", VERSION, rows.shape[1], len(vocabulary), len(text))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(header + hashlib.sha256(body).digest() + body)


def read(path: Path) -> tuple[list[str], np.ndarray]:
    """Vocabulary and float32 rows, as the program that reads the file sees them."""
    data = path.read_bytes()
    _, dimensions, count, length = struct.unpack("<4I", data[8:24])
    start = -(-(56 + length) // 4) * 4
    scales = np.frombuffer(data, "<f4", count, start)
    numbers = np.frombuffer(data, np.int8, count * dimensions, start + 4 * count).reshape(count, dimensions)
    return data[56 : 56 + length].decode().split("\n"), numbers * scales[:, None]
