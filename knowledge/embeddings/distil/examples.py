"""Which pairs of texts the table learns from, with the evaluation's questions left out fold by fold."""

import random
import re

import numpy as np

from data import Data, Pairs, Task, fold_of, trained_on
from train import PairSet

FOLDS = 3
SENTENCE = re.compile(r"(?<=[。;!?])")


class Texts:
    """Numbers for texts, in the order of first use."""

    def __init__(self):
        self.number: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        return self.number.setdefault(text, len(self.number))

    def all(self) -> list[str]:
        return list(self.number)


def query_fold(task: Task, query: dict) -> int:
    return fold_of(query["group"], FOLDS)


def pair_groups(tasks: list[Pairs]) -> dict[str, str]:
    """Pairs that share a text are one group: union-find over the texts."""
    parent: dict[str, str] = {}

    def root(text: str) -> str:
        while (up := parent.setdefault(text, text)) != text:
            parent[text] = parent[up]
            text = parent[text]
        return text

    for task in tasks:
        for pair in task.pairs:
            parent[root(pair["a"])] = root(pair["b"])
    return {text: root(text) for text in parent}


def pair_sets(data: Data, texts: Texts, leave_out: int | None, groups: dict[str, str], without: set[str]) -> list[PairSet]:
    """All training pairs, without those of fold `leave_out`. `without` names sources to do without (for licences and ablations)."""
    sets: list[PairSet] = []

    def add(name: str, pairs: list[tuple[str, str]], weight: float) -> None:
        if pairs and name not in without:
            sets.append(PairSet(np.array([texts(a) for a, _ in pairs]), np.array([texts(b) for _, b in pairs]), weight))

    for task in data.tasks:
        if not trained_on(task):
            continue
        kept = [query for query in task.queries if query_fold(task, query) != leave_out]
        pairs = [(query["text"], task.passages[query["best"]]["text"]) for query in kept]
        add(task.name, pairs, {"gd aliases": 4.0, "messages to replies": 2.0}.get(task.name, 3.0))
        names = {"gd aliases", "sz titles", "pack"}
        if task.name not in names:
            add("sentences of passages", cloze(task, random.Random(3)), 0.5)
    for task in data.pairs:
        kept = [pair for pair in task.pairs if fold_of(groups[pair["a"]], FOLDS) != leave_out]
        equal = [(pair["a"], pair["b"]) for pair in kept if pair["label"] == 1]
        different = {pair["a"]: pair["b"] for pair in kept if pair["label"] == 0}
        add("zh-matching", equal, 0.6)
        if sets and equal and "zh-matching" not in without:
            sets[-1].wrong = np.array([texts(different[a]) if a in different else -1 for a, _ in equal])
    for kind, weight in (("message", 1.0), ("guide", 1.0), ("synonym", 4.0)):
        add(kind, [(pair["a"], pair["b"]) for pair in data.auxiliary if pair["kind"] == kind], weight)
    return sets


def cloze(task: Task, rng: random.Random) -> list[tuple[str, str]]:
    """A sentence of a passage and the passage without it: what stands together belongs together."""
    made = []
    for passage in task.passages:
        parts = [part for part in SENTENCE.split(passage["text"]) if len(part) > 8]
        if len(parts) > 1:
            at = rng.randrange(len(parts))
            made.append((parts[at], "".join(parts[:at] + parts[at + 1 :])))
    return made


def evaluation_texts(data: Data) -> set[str]:
    """The questions that scores are measured with: a fold's model may not be fitted to them either."""
    texts = {query["text"] for task in data.tasks for query in task.queries}
    return texts | {pair[side] for task in data.pairs for pair in task.pairs for side in "ab"}
