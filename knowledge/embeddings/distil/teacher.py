"""The teacher: bge-small-zh-v1.5 (BAAI, MIT) as int8 ONNX, taken from a Maven artefact, with every vector cached on disk."""

import hashlib
import io
import time
import urllib.request
import zipfile
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

VERSION = "1.11.0-beta19"
NAME = "langchain4j-embeddings-bge-small-zh-v15-q"
JAR = f"https://repo1.maven.org/maven2/dev/langchain4j/{NAME}/{VERSION}/{NAME}-{VERSION}.jar"
JAR_SHA256 = "379c43d20453aac45ed71445b65834f1e57b4e1de93047d1c97f855adbb990dd"
FILES = ("bge-small-zh-v1.5-q.onnx", "bge-small-zh-v1.5-q-tokenizer.json")
DIMENSIONS = 512


def fetch(folder: Path) -> None:
    """Downloads the artefact once and unpacks the two files. Errors: the network's, or a digest that is not the expected one."""
    if all((folder / name).exists() for name in FILES):
        return
    folder.mkdir(parents=True, exist_ok=True)
    with urllib.request.urlopen(JAR, timeout=300) as response:
        jar = response.read()
    digest = hashlib.sha256(jar).hexdigest()
    if digest != JAR_SHA256:
        raise SystemExit(f"{JAR} has SHA-256 {digest}, expected {JAR_SHA256}")
    with zipfile.ZipFile(io.BytesIO(jar)) as archive:
        for name in FILES:
            (folder / name).write_bytes(archive.read(name))


class Teacher:
    """Unit vectors of texts: CLS pooling, L2. What was computed once is read from `folder`."""

    def __init__(self, folder: Path, threads: int = 2):
        fetch(folder)
        self.folder = folder
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        # Threads that wait burn no time others could use.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.session = onnxruntime.InferenceSession(str(folder / FILES[0]), options)
        self.tokenizer = Tokenizer.from_file(str(folder / FILES[1]))
        self.tokenizer.enable_truncation(512)
        self.tokenizer.enable_padding()
        self.known: dict[bytes, int] = {}
        self.parts: list[np.ndarray] = []
        for part in sorted(folder.glob("vectors-*.npz")):
            self._add(*(np.load(part)[name] for name in ("keys", "vectors")))

    def _add(self, keys: np.ndarray, vectors: np.ndarray) -> None:
        start = len(self.known)
        self.known.update({key.tobytes(): start + i for i, key in enumerate(keys)})
        self.parts.append(vectors)

    @staticmethod
    def _key(text: str) -> bytes:
        return hashlib.sha256(text.encode()).digest()[:16]

    def _compute(self, texts: list[str]) -> np.ndarray:
        encoded = self.tokenizer.encode_batch(texts)
        ids = np.array([one.ids for one in encoded], np.int64)
        mask = np.array([one.attention_mask for one in encoded], np.int64)
        output = self.session.run(None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)})[0][:, 0]
        return (output / np.linalg.norm(output, axis=1, keepdims=True)).astype(np.float16)

    def vectors(self, texts: list[str], batch: int = 64) -> np.ndarray:
        """One float32 row for each text, in order; missing ones are computed, longest last, and kept."""
        missing = {self._key(text): text for text in texts}
        for key in [key for key in missing if key in self.known]:
            del missing[key]
        order = sorted(missing, key=lambda key: len(missing[key]))
        started = time.time()
        for first in range(0, len(order), 4096):
            keys = order[first : first + 4096]
            block = [missing[key] for key in keys]
            found = np.concatenate([self._compute(block[i : i + batch]) for i in range(0, len(block), batch)])
            numbers = np.frombuffer(b"".join(keys), np.uint8).reshape(-1, 16)
            name = f"vectors-{len(self.known):09d}.npz"
            np.savez(self.folder / name, keys=numbers, vectors=found)
            self._add(numbers, found)
            print(f"  teacher {first + len(keys)}/{len(order)} texts, {time.time() - started:.0f} s", flush=True)
        if len(self.parts) > 1:
            self.parts = [np.concatenate(self.parts)]
        rows = [self.known[self._key(text)] for text in texts]
        return self.parts[0][rows].astype(np.float32) if texts else np.zeros((0, DIMENSIONS), np.float32)
