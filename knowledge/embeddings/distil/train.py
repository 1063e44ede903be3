"""The table's rows: from the teacher's word vectors, fitted to its sentence vectors, then trained on pairs that belong together."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

DIMENSIONS = 256
ROUNDS = 3


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


@dataclass
class Projection:
    """512 teacher dimensions → 256: centred, principal components of sentences, unit length again."""

    mean: np.ndarray
    axes: np.ndarray

    @staticmethod
    def of(vectors: np.ndarray) -> "Projection":
        mean = vectors.mean(axis=0)
        _, _, axes = np.linalg.svd(np.cov((vectors - mean).T))
        return Projection(mean, axes[:DIMENSIONS].T.astype(np.float32))

    def __call__(self, vectors: np.ndarray) -> np.ndarray:
        return unit((vectors - self.mean) @ self.axes)


def first_rows(words: np.ndarray, projection: Projection, frequency: np.ndarray, a: float = 1e-3) -> np.ndarray:
    """Teacher vectors of the entries, projected; entry i is weighted a / (a + p_i), so that frequent words count less."""
    return (projection(words) * (a / (a + frequency))[:, None]).astype(np.float32)


def least_squares(start: np.ndarray, counts: sparse.csr_matrix, target: np.ndarray, strength: float = 0.3, steps: int = 10) -> np.ndarray:
    """min ||XW − T||² + λ Σ_i ||W_i − W0_i||² / (n_i + 1) by conjugate gradients on all columns at once.

    X's rows are means over a text's entries, scaled so that the start already has unit length: only directions are fitted."""
    scale = 1 / np.maximum(np.linalg.norm(counts @ start, axis=1), 1e-3)
    matrix = sparse.diags(np.minimum(scale, 50).astype(np.float32)) @ counts
    seen = np.asarray((counts > 0).sum(axis=0)).ravel()
    weight = (strength / (seen + 1)).astype(np.float32)[:, None]
    transposed = matrix.T.tocsr()

    def apply(rows: np.ndarray) -> np.ndarray:
        return transposed @ (matrix @ rows) + weight * rows

    # The diagonal as preconditioner: columns of frequent entries are a thousand times larger than those of rare ones.
    change = np.zeros_like(start)
    residual = (transposed @ (target - matrix @ start)).astype(np.float32)
    inverse = 1 / (np.asarray(matrix.multiply(matrix).sum(axis=0)).ravel().astype(np.float32)[:, None] + weight)
    ready = inverse * residual
    direction = ready.copy()
    power = (residual * ready).sum(axis=0)
    for _ in range(steps):
        image = apply(direction)
        step = power / np.maximum((direction * image).sum(axis=0), 1e-12)
        change += step * direction
        residual -= step * image
        ready = inverse * residual
        following = (residual * ready).sum(axis=0)
        direction = ready + following / np.maximum(power, 1e-12) * direction
        power = following
    return start + change


def fit(words: np.ndarray, projection: Projection, frequency: np.ndarray, counts: sparse.csr_matrix, target: np.ndarray) -> np.ndarray:
    """Rows for all entries, also for those no sentence holds: least squares, then a linear map from the teacher's word vectors
    to the rows found, whose image is the start of the next round. A word seen rarely so gets what similar words have learned."""
    weight = (1e-3 / (1e-3 + frequency))[:, None]
    rarity = np.log10(frequency + 1e-7)
    rarity = ((rarity - rarity.mean()) / rarity.std())[:, None]
    features = np.hstack([words, np.ones((len(words), 1))]) * weight
    features = np.hstack([features, features * rarity]).astype(np.float32)
    trust = np.minimum(np.asarray((counts > 0).sum(axis=0)).ravel(), 50).astype(np.float32)[:, None]
    square = features.T @ (features * trust) + 0.1 * trust.mean() * np.eye(features.shape[1], dtype=np.float32)
    rows = least_squares(first_rows(words, projection, frequency), counts, target)
    for _ in range(ROUNDS):
        start = features @ np.linalg.solve(square, features.T @ (rows * trust))
        rows = least_squares(start.astype(np.float32), counts, target)
    return rows


@dataclass
class PairSet:
    """Texts that belong together (rows of `counts`), drawn `weight` times as often as their number says."""

    left: np.ndarray
    right: np.ndarray
    weight: float = 1.0
    #: A row that does not belong to the left one, or −1.
    wrong: np.ndarray | None = None


@dataclass
class Settings:
    batch: int = 512
    epochs: float = 6
    rate: float = 0.003
    temperature: float = 0.05
    teacher_temperature: float = 0.05
    #: Share of the loss that follows the teacher's similarities rather than the pairs.
    soft: float = 0.5
    #: Pull of each vector to its teacher vector.
    pull: float = 0.5
    seed: int = 7


@dataclass
class Moments:
    """Adam's memory; each row counts its own steps."""

    first: np.ndarray
    second: np.ndarray
    step: np.ndarray


def softmax(rows: np.ndarray) -> np.ndarray:
    rows = np.exp(rows - rows.max(axis=1, keepdims=True))
    return rows / rows.sum(axis=1, keepdims=True)


def contrast(rows: np.ndarray, counts: sparse.csr_matrix, teacher: np.ndarray, sets: list[PairSet], settings: Settings) -> np.ndarray:
    """Each left text must be nearer to its right text than to the others of the batch; what is near beside it follows the teacher.

    `teacher`: projected teacher vectors of the rows of `counts`; a zero row has none. Adam on the entries of each batch."""
    rows = rows.copy()
    rng = np.random.default_rng(settings.seed)
    moments = Moments(np.zeros_like(rows), np.zeros_like(rows), np.zeros(len(rows)))
    left = np.concatenate([one.left for one in sets])
    right = np.concatenate([one.right for one in sets])
    wrong = np.concatenate([one.wrong if one.wrong is not None else np.full(len(one.left), -1) for one in sets])
    share = np.concatenate([np.full(len(one.left), one.weight) for one in sets])
    steps = int(settings.epochs * share.sum() / settings.batch)
    share = share / share.sum()
    size = float(np.abs(rows[counts.indices[:: max(1, len(counts.indices) // 100000)]]).mean())
    for number in range(steps):
        chosen = rng.choice(len(left), settings.batch, replace=False, p=share)
        extra = wrong[chosen][wrong[chosen] >= 0]
        texts = np.concatenate([left[chosen], right[chosen], extra])
        decay = 1 - number / steps
        learn(rows, counts[texts], teacher[texts], settings, moments, settings.rate * decay * size / 0.03, settings.batch, right[chosen])
    return rows


def learn(
    rows: np.ndarray,
    counts: sparse.csr_matrix,
    teacher: np.ndarray,
    settings: Settings,
    moments: Moments,
    rate: float,
    half: int,
    answers: np.ndarray,
) -> None:
    """One step: texts 0…half are the left ones, half…2·half their partners, the rest further wrong ones."""
    sums = counts @ rows
    length = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    vectors = sums / length
    left, right = vectors[:half], vectors[half:]
    scores = left @ right.T / settings.temperature
    # Two questions of one batch may have the same passage: neither is the other's wrong answer.
    same = np.zeros(scores.shape, bool)
    same[:, :half] = answers[:, None] == answers[None, :]
    np.fill_diagonal(same, False)
    scores[same] = -1e4
    wanted = np.zeros_like(scores)
    np.fill_diagonal(wanted, 1)
    guide = teacher[:half] @ teacher[half:].T / settings.teacher_temperature
    guide[same] = -1e4
    known = (np.abs(teacher[:half]).sum(axis=1) > 0) & (np.abs(teacher[half : 2 * half]).sum(axis=1) > 0)
    soft = settings.soft * known[:, None]
    across = softmax(scores) - (1 - soft) * wanted - soft * softmax(guide)
    down = softmax(scores[:, :half].T) - (1 - soft) * wanted[:, :half] - soft * softmax(guide[:, :half].T)
    gradient = across / half
    gradient[:, :half] += down.T / half
    gradient /= settings.temperature
    on_vectors = np.concatenate([gradient @ right, gradient.T @ left])
    on_vectors -= settings.pull * teacher / half
    on_sums = (on_vectors - (on_vectors * vectors).sum(axis=1, keepdims=True) * vectors) / length
    touched = np.unique(counts.indices)
    slope = (counts[:, touched].T @ on_sums).astype(np.float32)
    moments.step[touched] += 1
    t = moments.step[touched][:, None]
    moments.first[touched] = 0.9 * moments.first[touched] + 0.1 * slope
    moments.second[touched] = 0.99 * moments.second[touched] + 0.01 * slope**2
    rows[touched] -= rate * (moments.first[touched] / (1 - 0.9**t)) / (np.sqrt(moments.second[touched] / (1 - 0.99**t)) + 1e-8)
