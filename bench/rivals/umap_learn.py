"""umap-learn on an array, timed after its code has been compiled, and the trustworthiness of layouts.

Usage: umap_learn.py fit X.npy OUT.npy | umap_learn.py quality X.npy LAYOUT.npy...
Trustworthiness (k = 15, Venna & Kaski 2001) is taken over 500 seeded points.
"""
import json
import sys
import time
import warnings

import numpy as np

K = 15
SAMPLE = 500

warnings.filterwarnings("ignore")


def fit(points_file, out_file):
    import umap

    points = np.load(points_file)
    # Compiles everything, above the size from which neighbours are searched approximately.
    umap.UMAP(n_neighbors=K).fit_transform(points[:4500])
    start = time.perf_counter()
    layout = umap.UMAP(n_neighbors=K).fit_transform(points)
    seconds = time.perf_counter() - start
    np.save(out_file, layout)
    return {"seconds": seconds, "version": umap.__version__}


def quality(points_file, layout_files):
    from sklearn.neighbors import NearestNeighbors

    points = np.load(points_file).astype(np.float64)
    n = len(points)
    squares = (points**2).sum(axis=1)
    queries = np.random.RandomState(0).choice(n, min(SAMPLE, n), replace=False)
    layouts = [np.load(file) for file in layout_files]
    near = [
        NearestNeighbors(n_neighbors=K + 1).fit(layout).kneighbors(layout[queries], return_distance=False)
        for layout in layouts
    ]
    excess = [0] * len(layouts)
    for i, query in enumerate(queries):
        away = squares - 2 * points @ points[query]
        away[query] = -np.inf
        ranks = np.empty(n, dtype=np.int64)
        ranks[away.argsort()] = np.arange(n)
        for at, found in enumerate(near):
            others = found[i][found[i] != query][:K]
            excess[at] += np.maximum(ranks[others] - K, 0).sum()
    scale = 2 / (len(queries) * K * (2 * n - 3 * K - 1))
    return {"trustworthiness": [1 - float(total) * scale for total in excess]}


if sys.argv[1] == "fit":
    answer = fit(sys.argv[2], sys.argv[3])
else:
    answer = quality(sys.argv[2], sys.argv[3:])
json.dump(answer, sys.stdout)
