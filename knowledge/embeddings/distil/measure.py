"""Scores of vectors on the tasks; ties count as their expected value under random order."""

import numpy as np

from data import Pairs, Task


def ranks(task: Task, queries: np.ndarray, passages: np.ndarray, chosen: list[int]) -> tuple[float, float]:
    """MRR@10 and hit@1 of the chosen queries; a document's score is its best passage's."""
    docs = np.array([passage["doc"] for passage in task.passages])
    starts = np.flatnonzero(np.r_[True, docs[1:] != docs[:-1]])
    first_docs = docs[starts]
    reciprocal, hits = 0.0, 0.0
    for block in np.array_split(np.array(chosen), max(1, len(chosen) // 256)):
        scores = np.maximum.reduceat(queries[block] @ passages.T, starts, axis=1)
        for row, query in zip(scores, block, strict=True):
            gold = np.isin(first_docs, task.queries[query]["gold"])
            best = row[gold].max()
            above, equal = int((row[~gold] > best).sum()), int((row[~gold] == best).sum())
            places = [1 / place if place <= 10 else 0 for place in range(above + 1, above + equal + 2)]
            reciprocal += sum(places) / len(places)
            hits += 1 / (equal + 1) if above == 0 else 0
    return reciprocal / len(chosen), hits / len(chosen)


def cut_off(scores: np.ndarray, labels: np.ndarray) -> float:
    """The score at and above which calling a pair equal is right most often."""
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(labels[order]) + (labels == 0).sum() - np.cumsum(1 - labels[order])
    best = int(np.argmax(right))
    return float(scores[order[best]]) if right[best] > (labels == 0).sum() else float("inf")


def pair_scores(task: Pairs, left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return (left * right).sum(axis=1), np.array([pair["label"] for pair in task.pairs])


def area(scores: np.ndarray, labels: np.ndarray) -> float:
    """Area under the ROC curve: the chance that an equal pair scores above a different one."""
    values, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts - 1) / 2
    positive = int(labels.sum())
    negative = len(labels) - positive
    return float((middle[inverse][labels == 1].sum() - positive * (positive + 1) / 2) / (positive * negative)) if values.size else 0.5
