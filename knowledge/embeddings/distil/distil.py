"""Makes knowledge/embeddings/model/wenban-zh-256.bin; see README.md. Run through run.sh."""

import argparse
import hashlib
import json
import re
import time
from pathlib import Path

import numpy as np

import data as corpus
import examples
import measure
import model_file
import train
import vocabulary
from segment import Segmenter
from teacher import DIMENSIONS, Teacher

HERE = Path(__file__).resolve().parent
MODEL = HERE.parent / "model" / "wenban-zh-256.bin"


class Run:
    """Everything the steps share: texts with their numbers, entries with their teacher vectors."""

    def __init__(self, data: corpus.Data, teacher: Teacher, jieba: Path, size: int, without: set[str]):
        self.data, self.without, self.started = data, without, time.time()
        words = vocabulary.build(self._documents(), jieba, self._own_words(), size)
        self.words = words.words
        self.frequency = np.array([words.frequency[word] for word in self.words])
        self.segmenter = Segmenter(self.words)
        self.say(f"{len(self.words)} entries")
        self.texts = examples.Texts()
        self.groups = examples.pair_groups(data.pairs)
        self._number_texts()
        with_teacher = len(self.texts.number)
        self.sets = {fold: examples.pair_sets(data, self.texts, fold, self.groups, without) for fold in (None, *range(examples.FOLDS))}
        everything = self.texts.all()
        self.counts = self.segmenter.counts(everything)
        self.say(f"{len(everything)} texts, {self.counts.nnz} entries in them")
        self.word_vectors = teacher.vectors(self.words)
        self.teacher = np.zeros((len(everything), DIMENSIONS), np.float32)
        self.teacher[:with_teacher] = teacher.vectors(everything[:with_teacher])
        self.say("teacher vectors")
        self.projection = train.Projection.of(self.teacher[: self.sentences])
        self.target = np.zeros((len(everything), train.DIMENSIONS), np.float32)
        self.target[:with_teacher] = self.projection(self.teacher[:with_teacher])

    def say(self, what: str) -> None:
        print(f"[{time.time() - self.started:5.0f} s wall, {time.process_time():5.0f} s CPU] {what}", flush=True)

    def _documents(self) -> list[dict]:
        questions = [
            {"text": query["text"], "doc": f"question:{task.name}:{i}"}
            for task in self.data.tasks
            if corpus.trained_on(task)
            for i, query in enumerate(task.queries)
        ]
        pairs = [
            {"text": pair[side], "doc": f"pair:{task.name}:{i}"} for task in self.data.pairs for i, pair in enumerate(task.pairs) for side in "ab"
        ]
        return self.data.texts + questions + ([] if "zh-matching" in self.without else pairs)

    def _own_words(self) -> list[str]:
        return [pair[side] for pair in self.data.auxiliary if pair["kind"] == "synonym" for side in "ab"]

    def _number_texts(self) -> None:
        """Texts the teacher reads, the sentences of the corpus first."""
        for sentence in corpus.sentences(self.data):
            self.texts(sentence)
        self.sentences = len(self.texts.number)
        for task in self.data.tasks:
            for row in (*task.queries, *task.passages):
                self.texts(row["text"])
        for task in self.data.pairs:
            for pair in task.pairs:
                for side in "ab":
                    self.texts(pair[side])
        for pair in self.data.auxiliary:
            for side in "ab":
                self.texts(pair[side])

    def fitted(self, hidden: set[str]) -> np.ndarray:
        """Least squares on every text with a teacher vector, without the `hidden` ones."""
        known = np.abs(self.target).sum(axis=1) > 0
        untouched = {row["text"] for task in self.data.tasks if not corpus.trained_on(task) for row in (*task.queries, *task.passages)}
        # What the contrastive step leaves out is left out here too: its licence forbids the use, not only one step.
        if "zh-matching" in self.without:
            untouched |= {pair[side] for task in self.data.pairs for pair in task.pairs for side in "ab"}
        chosen = known & np.array([text not in hidden and text not in untouched for text in self.texts.all()])
        return train.fit(self.word_vectors, self.projection, self.frequency, self.counts[chosen], self.target[chosen])

    def trained(self, rows: np.ndarray, fold: int | None) -> np.ndarray:
        return train.contrast(rows, self.counts, self.target, self.sets[fold], train.Settings())

    def vectors(self, texts: list[str], rows: np.ndarray | None) -> np.ndarray:
        """Unit vectors by a table, or the teacher's own when `rows` is None."""
        numbers = [self.texts.number[text] for text in texts]
        return self.teacher[numbers] if rows is None else train.unit(self.counts[numbers] @ rows)

    def scores(self, tables: list[np.ndarray | None]) -> dict[str, tuple[float, float]]:
        """MRR@10 and hit@1 of each retrieval task, accuracy and ROC area of each pair task; table k answers the questions of fold k.
        The cut-off of the pairs is chosen on the other folds."""
        found: dict[str, tuple[float, float]] = {}
        for task in self.data.tasks:
            sums = np.zeros(2)
            for fold, rows in enumerate(tables):
                chosen = [i for i, query in enumerate(task.queries) if examples.query_fold(task, query) == fold]
                if chosen:
                    queries = self.vectors([query["text"] for query in task.queries], rows)
                    passages = self.vectors([passage["text"] for passage in task.passages], rows)
                    sums += np.array(measure.ranks(task, queries, passages, chosen)) * len(chosen)
            found[task.name] = tuple(sums / len(task.queries))
        for task in self.data.pairs:
            folds = np.array([corpus.fold_of(self.groups[pair["a"]], examples.FOLDS) for pair in task.pairs])
            sums = np.zeros(2)
            for fold, rows in enumerate(tables):
                left, right = (self.vectors([pair[side] for pair in task.pairs], rows) for side in "ab")
                scores, labels = measure.pair_scores(task, left, right)
                here = folds == fold
                cut = measure.cut_off(scores[~here], labels[~here])
                sums += np.array([((scores[here] >= cut) == labels[here]).mean(), measure.area(scores[here], labels[here])]) * here.sum()
            found[task.name] = tuple(sums / len(task.pairs))
        return found


def table(columns: dict[str, dict[str, tuple[float, float]]]) -> str:
    lines = ["| task | " + " | ".join(columns) + " |", "|---|" + "---|" * len(columns)]
    for task in next(iter(columns.values())):
        lines.append(f"| {task} | " + " | ".join("{:.3f} / {:.3f}".format(*column[task]) for column in columns.values()) + " |")
    return "\n".join(lines)


def write_samples(run: Run, path: Path) -> None:
    """Test vectors of invented sentences, computed from the file that ships."""
    words, rows = model_file.read(path)
    segmenter = Segmenter(words)
    texts = [sample["normalised"] for sample in run.data.samples]
    vectors = train.unit(segmenter.counts(texts) @ rows)
    samples = [
        {
            "text": sample["text"],
            "entries": [words[i] for i in segmenter.ids(sample["normalised"])],
            "first": [round(float(value), 7) for value in vector[:16]],
        }
        for sample, vector in zip(run.data.samples, vectors, strict=True)
    ]
    name = f"wenban-zh-256@{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"
    text = json.dumps({"model": name, "samples": samples}, ensure_ascii=False, indent=2) + "\n"
    # Short lists on one line, as the project's formatter has them.
    path.with_name("test-vectors.json").write_text(re.sub(r"\[\s+([^\[\]{}]*?)\s+\]", lambda m: "[" + re.sub(r",\s+", ", ", m[1]) + "]", text))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="what corpus.ts wrote")
    parser.add_argument("--teacher", type=Path, required=True, help="folder of the teacher and its vectors")
    parser.add_argument("--jieba", type=Path, required=True, help="jieba's dict.txt")
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--size", type=int, default=48000, help="entries of the table")
    parser.add_argument("--without", default="", help="sources to do without, separated by commas, e.g. zh-matching")
    parser.add_argument("--no-folds", action="store_true", help="only make the model, measure nothing")
    options = parser.parse_args()
    run = Run(
        corpus.read(options.corpus), Teacher(options.teacher), options.jieba, options.size, set(filter(None, options.without.split(",")))
    )
    columns: dict[str, dict[str, tuple[float, float]]] = {}
    if not options.no_folds:
        columns["teacher"] = run.scores([None] * examples.FOLDS)
        first = train.first_rows(run.word_vectors, run.projection, run.frequency)
        columns["words only"] = run.scores([first] * examples.FOLDS)
        base = run.fitted(examples.evaluation_texts(run.data))
        columns["fitted"] = run.scores([base] * examples.FOLDS)
        run.say("fitted without the questions")
        tables = [run.trained(base, fold) for fold in range(examples.FOLDS)]
        columns["trained, by folds"] = run.scores(tables)
        # Kept, so that retrieval as a whole can be measured with tables that have not seen the question either.
        for fold, rows in enumerate(tables):
            model_file.write(options.corpus / f"fold-{fold}.bin", run.words, rows)
        run.say("folds")
        print(table(columns), flush=True)
    final = run.trained(run.fitted(set()), None)
    model_file.write(options.model, run.words, final)
    write_samples(run, options.model)
    columns["shipped (has seen the questions)"] = run.scores([model_file.read(options.model)[1]] * examples.FOLDS)
    report = f"{table(columns)}\n\nMRR@10 / hit@1; pairs: accuracy / area under the ROC curve.\n"
    (options.corpus / "scores.md").write_text(report)
    run.say(f"{options.model}: {options.model.stat().st_size:,} bytes\n\n{report}")


if __name__ == "__main__":
    main()
