"""Longest-match segmentation over a vocabulary: the same as knowledge/embeddings/segment.ts, on text that is normalised already."""

from array import array

import numpy as np
from scipy import sparse


class Segmenter:
    """Entries have at most 6 characters, all in the basic plane; a character without an entry is skipped."""

    def __init__(self, vocabulary: list[str]):
        self.vocabulary = vocabulary
        self.number = {word: i for i, word in enumerate(vocabulary)}
        self.longest: dict[str, int] = {}
        for word in vocabulary:
            self.longest[word[0]] = max(len(word), self.longest.get(word[0], 0))

    def ids(self, text: str) -> list[int]:
        found: list[int] = []
        at, number, longest = 0, self.number, self.longest
        while at < len(text):
            for length in range(longest.get(text[at], 0), 0, -1):
                entry = number.get(text[at : at + length])
                if entry is not None and at + length <= len(text):
                    found.append(entry)
                    at += length
                    break
            else:
                at += 1
        return found

    def counts(self, texts: list[str]) -> sparse.csr_matrix:
        """Texts by entries: how often each entry stands in each text, divided by the text's number of entries (the mean)."""
        columns, starts, values = array("i"), [0], []
        for text in texts:
            ids = self.ids(text)
            columns.extend(ids)
            values.append(np.full(len(ids), 1 / max(1, len(ids)), np.float32))
            starts.append(len(columns))
        matrix = sparse.csr_matrix(
            (np.concatenate(values) if values else [], np.frombuffer(columns, np.int32), np.array(starts)),
            shape=(len(texts), len(self.vocabulary)),
            dtype=np.float32,
        )
        matrix.sum_duplicates()
        return matrix
