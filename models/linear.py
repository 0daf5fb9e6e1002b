"""Linear classifiers over hashed features: trained with scikit-learn, used with the standard library and numpy alone.

Features are words hashed to a fixed number of places, so that no vocabulary is kept and no name can be read out of
a model. Weights are stored as a plain ``.npz`` (no pickle), with the names of the classes and a version.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Weights = NDArray[np.float32]

Features = Mapping[str, float]
"""A feature by its name, with its value."""


@dataclass(frozen=True, slots=True)
class Linear:
    """A classifier: `weights[place, class]`, the last row being the intercept; `classes` in that order."""

    version: str
    classes: tuple[str, ...]
    weights: Weights
    _column: list[float] = field(init=False, repr=False, compare=False)
    """The weights of the only class that has any, where there are two."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_column", self.weights[:, 0].tolist())

    @property
    def places(self) -> int:
        """How many places features are hashed to."""
        return int(self.weights.shape[0]) - 1

    def scores(self, features: Features) -> list[float]:
        """The log-odds (two classes: those of the second) or unnormalised log-probabilities of the classes."""
        rows, values = hashed(features, self.places)
        found = self.weights[rows].T @ values + self.weights[-1] if rows else self.weights[-1]
        return [float(score) for score in found]

    def log_odds(self, features: Features) -> float:
        """The log-odds of the second of two classes, reckoned in order and without numpy: for one at a time."""
        weights, places = self._column, self.places
        total = weights[-1]
        for name, value in features.items():
            place, sign = _place(name, places)
            total += sign * value * weights[place]
        return total

    def best(self, features: Features) -> tuple[str, float]:
        """The likeliest class and its probability."""
        scores = self.scores(features)
        if len(self.classes) == 2 and len(scores) == 1:
            scores = [0.0, scores[0]]
        top = max(scores)
        total = sum(math.exp(score - top) for score in scores)
        return self.classes[scores.index(top)], 1.0 / total


def hashed(features: Features, places: int) -> tuple[list[int], list[float]]:
    """The places of the features and their values; the hash's own bit gives the sign, so that collisions cancel."""
    rows, values = [], []
    for name, value in features.items():
        place, sign = _place(name, places)
        rows.append(place)
        values.append(sign * value)
    return rows, values


@lru_cache(maxsize=8192)
def _place(name: str, places: int) -> tuple[int, int]:
    code = crc32(name.encode())
    return code % places, 1 if code & 0x8000_0000 else -1


def fit(
    examples: Sequence[Features],
    labels: Sequence[str],
    *,
    version: str,
    places: int,
    penalty: float,
    weights: Iterable[float] | None = None,
) -> Linear:
    """A classifier for `labels` (in the order of their names) by logistic regression with an L2 `penalty`.

    `weights` say how much each example counts. The same examples give the same weights.
    """
    import numpy as np
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    rows: list[int] = []
    values: list[float] = []
    ends = [0]
    for features in examples:
        found, strengths = hashed(features, places)
        rows += found
        values += strengths
        ends.append(len(rows))
    matrix = csr_matrix((values, rows, ends), shape=(len(examples), places), dtype=np.float64)
    model = LogisticRegression(C=1.0 / penalty, max_iter=200, tol=1e-4, solver="lbfgs")
    counts = np.fromiter(weights, dtype=np.float64) if weights is not None else None
    model.fit(matrix, np.array(labels), sample_weight=counts)
    learned = np.vstack([model.coef_.T, model.intercept_])
    return Linear(version, tuple(str(name) for name in model.classes_), np.round(learned, 4).astype(np.float32))


def save(model: Linear, path: Path) -> None:
    """Writes `model`; the same model gives the same bytes."""
    import numpy as np

    with path.open("wb") as file:
        np.savez_compressed(
            file,
            version=np.array(model.version),
            classes=np.array(model.classes),
            weights=model.weights,
        )


def load(path: Path) -> Linear:
    """Reads a model that `save` wrote. Raises ValueError where the file holds anything but plain numbers and names."""
    import numpy as np

    with np.load(path, allow_pickle=False) as data:
        return Linear(str(data["version"]), tuple(str(name) for name in data["classes"]), data["weights"])
