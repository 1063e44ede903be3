"""What corpus.ts wrote, as Python values."""

import hashlib
import json
import random
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Task:
    name: str
    queries: list[dict]
    passages: list[dict]


@dataclass
class Pairs:
    name: str
    pairs: list[dict]


@dataclass
class Data:
    texts: list[dict]
    tasks: list[Task]
    pairs: list[Pairs]
    auxiliary: list[dict]
    samples: list[dict]


def read(folder: Path) -> Data:
    """Reads the JSON lines of one folder. Errors: a missing file."""

    def rows(name: str) -> list[dict]:
        return [json.loads(line) for line in (folder / name).read_text("utf8").splitlines()]

    return Data(
        texts=rows("texts.jsonl"),
        tasks=[Task(**row) for row in rows("retrieval.jsonl")],
        pairs=[Pairs(**row) for row in rows("pairs.jsonl")],
        auxiliary=rows("auxiliary.jsonl"),
        samples=rows("vectors.jsonl"),
    )


def trained_on(task: Task | Pairs) -> bool:
    """cmrc is left out of every step, so that one score shows text the model has never seen anything of."""
    return not task.name.startswith("cmrc")


def fold_of(group: str, folds: int) -> int:
    return int.from_bytes(hashlib.sha256(group.encode()).digest()[:4]) % folds


def sentences(data: Data, per_kind: int = 14000) -> list[str]:
    """Distinct sentences to fit: all questions are added elsewhere; each kind of document gives at most `per_kind`."""
    by_kind: dict[str, list[str]] = {}
    for text in dict.fromkeys((row["text"], row["doc"].partition(":")[0]) for row in data.texts):
        by_kind.setdefault(text[1] if text[1].isalpha() else "other", []).append(text[0])
    chosen: list[str] = []
    for kind in sorted(by_kind):
        found = by_kind[kind]
        chosen += random.Random(1).sample(found, per_kind) if len(found) > per_kind else found
    return list(dict.fromkeys(chosen))
