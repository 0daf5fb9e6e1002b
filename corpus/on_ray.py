"""Reading on a Ray cluster: batches of files as tasks, their facts as Parquet shards, taken in by the one writer.

Every node needs Kehoach in the same version, and has to reach the files under their paths and the store of shards.
A batch whose worker died is tried again elsewhere by Ray, and in the end here, file by file, within the usual limits.
"""

from __future__ import annotations

import os
import socket
import tempfile
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from corpus.reading import Reading, Task, extractor_version, read_all
from corpus.shards import Store
from corpus.store import keep_original
from extract.records import KehoachError

AUTO = "auto"
"""The cluster that RAY_ADDRESS names or that runs on this machine; else one that is started for the build."""
BATCH_FILES = 200
BATCH_BYTES = 64_000_000
_RETRIES = 2
_AHEAD = 3
"""Batches under way for each processor of the cluster: they wait there while others are taken in here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Where to read: the address of a Ray cluster or `AUTO`, and a store of shards that all nodes reach.

    The shards of a build are kept in a folder of the store that bears its time. Without a store, they are put beside
    the database and taken away once they are taken in.
    """

    address: str
    shards: str | None = None


def read_on_ray(files: Sequence[str], task: Task, cluster: Cluster, *, beside: Path, workers: int) -> Iterator[Reading]:
    """Reads all files on the cluster, in their order. `workers` are started where a cluster has to be.

    Originals and facts come back through the shards; those that `Cluster.shards` names are left there.
    """
    if not files:
        return
    own = beside.absolute().with_name(f".{beside.name}.shards")
    when = "".join(sign for sign in task.built_at if sign.isalnum())
    address = f"{cluster.shards.rstrip('/')}/{when}" if cluster.shards else str(own)
    store = Store(address)
    if not cluster.shards:
        store.remove_all()
    try:
        with _connected(cluster.address, workers) as ray:
            for number, (paths, written) in enumerate(_run(ray, list(batches(files)), task, address)):
                # what killed a worker there must not be read in this process: two workers at least
                yield from _taken_in(store, number, task) if written else read_all(paths, task, max(workers, 2))
                if not cluster.shards:
                    store.remove(number)
    finally:
        if not cluster.shards:
            store.remove_all()


def batches(files: Sequence[str]) -> Iterator[list[str]]:
    """The files in groups of at most `BATCH_FILES` and about `BATCH_BYTES`."""
    batch: list[str] = []
    held = 0
    for path in files:
        size = os.path.getsize(path) if os.path.exists(path) else 0
        if batch and (len(batch) >= BATCH_FILES or held + size > BATCH_BYTES):
            yield batch
            batch, held = [], 0
        batch.append(path)
        held += size
    if batch:
        yield batch


def read_batch(number: int, paths: Sequence[str], task: Task, address: str) -> int:
    """Reads a batch on a node and writes its shard; returns its number."""
    if task.extractor not in {extractor_version(True), extractor_version(False)}:
        raise KehoachError(
            "other-version", f"A node of the cluster has not version {task.extractor} of the extraction. Install it."
        )
    with tempfile.TemporaryDirectory(prefix="kehoach-batch-") as folder:
        originals = Path(folder)
        readings = list(read_all(paths, replace(task, originals=originals), workers=1))
        Store(address).write(number, readings, originals)
    return number


def _taken_in(store: Store, number: int, task: Task) -> Iterator[Reading]:
    for kept in store.read(number):
        if task.originals and kept.original is not None and kept.reading.sha256:
            keep_original(task.originals, kept.reading.sha256, kept.original)
        yield kept.reading


def _run(ray: Any, groups: Sequence[list[str]], task: Task, address: str) -> Iterator[tuple[list[str], bool]]:
    """Each batch with whether its shard was written, in order; a few are under way at a time."""
    remote = ray.remote(num_cpus=1, max_retries=_RETRIES)(read_batch)
    most = max(int(ray.cluster_resources().get("CPU", 1)), 1) * _AHEAD
    waiting = deque(enumerate(groups))
    under_way: deque[tuple[list[str], Any]] = deque()
    while waiting or under_way:
        while waiting and len(under_way) < most:
            number, paths = waiting.popleft()
            under_way.append((paths, remote.remote(number, paths, task, address)))
        paths, reference = under_way.popleft()
        yield paths, _is_written(ray, reference)


def _is_written(ray: Any, reference: Any) -> bool:
    """Whether a batch came to its end; False where all its workers died."""
    try:
        ray.get(reference)
    except ray.exceptions.RayTaskError as fault:
        cause = fault.cause
        raise KehoachError("cluster-failed", f"A batch failed on the cluster: {cause}") from fault
    except (ray.exceptions.WorkerCrashedError, ray.exceptions.OutOfMemoryError, ray.exceptions.NodeDiedError):
        return False
    return True


def _look_for(address: str) -> None:
    """An `OSError` where nobody listens at ``host:port``: Ray itself would ask for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host, int(port)), timeout=10).close()


@contextmanager
def _connected(address: str, workers: int) -> Iterator[Any]:
    """Ray, connected to the cluster; the connection ends with the build."""
    try:
        ray = import_module("ray")
    except ImportError:
        raise KehoachError("no-cluster", "A cluster needs the package ray: install kehoach[cluster].") from None
    options = {"include_dashboard": False, "log_to_driver": False, "logging_level": "error"}
    try:
        _look_for(address)
        try:
            ray.init(address=address, log_to_driver=False, logging_level="error")
        except ConnectionError:
            if address != AUTO:
                raise
            ray.init(num_cpus=workers, **options)
    except (OSError, ValueError, RuntimeError) as fault:
        said = " ".join(str(fault).split())[:200]
        raise KehoachError(
            "no-cluster", f"There is no Ray cluster at {address} ({said}). Start it, or use 'auto'."
        ) from None
    try:
        yield ray
    finally:
        ray.shutdown()
