"""Nearest neighbours with other libraries, timed.

Usage: neighbours.py LIBRARY X.npy k OUT.npy, for all rows: scikit-learn and faiss exactly, hnswlib and pynndescent
approximately; OUT gets n x k rows. neighbours.py faiss-one X.npy k OUT.npy: the mean of 50 single queries.
"""
import json
import sys
import time
import warnings

import numpy as np

warnings.filterwarnings("ignore")


def without_self(found, k):
    """Drops each row's own number, or the last where it is not among the found."""
    own = found == np.arange(len(found))[:, None]
    own[~own.any(axis=1), -1] = True
    return found[~own].reshape(len(found), -1)[:, :k]


def sklearn(points, k):
    import sklearn
    from sklearn.neighbors import NearestNeighbors

    start = time.perf_counter()
    _, found = NearestNeighbors(n_neighbors=k, algorithm="brute", n_jobs=-1).fit(points).kneighbors()
    return time.perf_counter() - start, found, sklearn.__version__


def faiss(points, k):
    import faiss

    start = time.perf_counter()
    index = faiss.IndexFlatL2(points.shape[1])
    index.add(points)
    _, found = index.search(points, k + 1)
    return time.perf_counter() - start, without_self(found, k), faiss.__version__


def faiss_one(points, k):
    import faiss

    index = faiss.IndexFlatL2(points.shape[1])
    index.add(points)
    index.search(points[:1], k + 1)
    start = time.perf_counter()
    found = np.concatenate([index.search(points[row : row + 1], k + 1)[1] for row in range(50)])
    return (time.perf_counter() - start) / 50, without_self(found, k), faiss.__version__


def hnswlib(points, k):
    import hnswlib

    start = time.perf_counter()
    index = hnswlib.Index("l2", points.shape[1])
    index.init_index(len(points), M=16, ef_construction=200, random_seed=0)
    index.add_items(points)
    index.set_ef(100)
    found, _ = index.knn_query(points, k + 1)
    return time.perf_counter() - start, without_self(found.astype(np.int64), k), "M 16, ef 200 and 100"


def pynndescent(points, k):
    import pynndescent

    def search(some):
        return pynndescent.NNDescent(some, n_neighbors=k + 1, random_state=0).neighbor_graph[0]

    # Compiles everything.
    search(points[:4500])
    start = time.perf_counter()
    found = search(points)
    return time.perf_counter() - start, without_self(found, k), pynndescent.__version__


libraries = {
    "scikit-learn": sklearn,
    "faiss": faiss,
    "faiss-one": faiss_one,
    "hnswlib": hnswlib,
    "pynndescent": pynndescent,
}
library, points_file, k, out_file = sys.argv[1:]
seconds, found, version = libraries[library](np.load(points_file), int(k))
np.save(out_file, found.astype(np.int32))
json.dump({"seconds": seconds, "version": version}, sys.stdout)
