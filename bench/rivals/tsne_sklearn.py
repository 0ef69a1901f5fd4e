"""scikit-learn's t-SNE on an array, timed, and what maps of the array keep of it.

Usage: tsne_sklearn.py fit X.npy OUT.npy | tsne_sklearn.py quality X.npy LAYOUT.npy...
Trustworthiness and recall (k = 15; Venna & Kaski 2001) are taken over 10,000 seeded points. The divergence is of P with
perplexity 30 over 91 neighbours, as scikit-learn makes it, and Z over all pairs; above 30,000 points over the pairs of
10,000 seeded points with all others.
"""
import json
import resource
import sys
import time
import warnings

import numpy as np

PERPLEXITY = 30
K = 15
SAMPLE = 10_000
Z_ROWS = 10_000

warnings.filterwarnings("ignore")


def fit(points_file, out_file):
    import sklearn
    from sklearn.manifold import TSNE

    points = np.load(points_file)
    start = time.perf_counter()
    tsne = TSNE(init="pca", learning_rate="auto", perplexity=PERPLEXITY, random_state=0, n_jobs=-1)
    layout = tsne.fit_transform(points)
    seconds = time.perf_counter() - start
    np.save(out_file, layout)
    mebibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "mebibytes": mebibytes, "version": sklearn.__version__}


def joint_probabilities(points):
    from sklearn.manifold._t_sne import _joint_probabilities_nn
    from sklearn.neighbors import NearestNeighbors

    k = min(len(points) - 1, 3 * PERPLEXITY + 1)
    graph = NearestNeighbors(n_neighbors=k, n_jobs=-1).fit(points).kneighbors_graph(mode="distance")
    graph.data **= 2
    return _joint_probabilities_nn(graph, PERPLEXITY, 0).tocoo()


def divergence(joint, layout, queries):
    z = 0.0
    for start in range(0, len(queries), 256):
        rows = layout[queries[start : start + 256]]
        near = (rows[:, :1] - layout[:, 0]) ** 2
        near += (rows[:, 1:] - layout[:, 1]) ** 2
        z += (1 / (1 + near)).sum(dtype=np.float64) - len(rows)
    z *= len(layout) / len(queries)
    away = ((layout[joint.row] - layout[joint.col]) ** 2).sum(axis=1).astype(np.float64)
    p = joint.data
    return float((p * (np.log(np.maximum(p, 1e-300)) + np.log1p(away) + np.log(z))).sum())


def kept(points, layouts):
    from sklearn.neighbors import NearestNeighbors

    n = len(points)
    points = points.astype(np.float64)
    squares = (points**2).sum(axis=1)
    queries = np.random.RandomState(0).choice(n, min(SAMPLE, n), replace=False)
    near = [
        NearestNeighbors(n_neighbors=K + 1).fit(layout).kneighbors(layout[queries], return_distance=False)
        for layout in layouts
    ]
    excess = np.zeros(len(layouts))
    stayed = np.zeros(len(layouts))
    for i, query in enumerate(queries):
        away = squares - 2 * points @ points[query]
        away[query] = -np.inf
        ranks = np.empty(n, dtype=np.int64)
        ranks[away.argsort()] = np.arange(n)
        for at, found in enumerate(near):
            others = ranks[found[i][found[i] != query][:K]]
            excess[at] += np.maximum(others - K, 0).sum()
            stayed[at] += (others <= K).sum()
    scale = 2 / (len(queries) * K * (2 * n - 3 * K - 1))
    return 1 - excess * scale, stayed / (len(queries) * K)


def quality(points_file, layout_files):
    points = np.load(points_file)
    layouts = [np.load(file).astype(np.float32) for file in layout_files]
    n = len(points)
    joint = joint_probabilities(points)
    queries = np.arange(n) if n <= 30_000 else np.random.RandomState(1).choice(n, Z_ROWS, replace=False)
    trustworthiness, recall = kept(points, layouts)
    return {
        "trustworthiness": trustworthiness.tolist(),
        "recall": recall.tolist(),
        "kl": [divergence(joint, layout, queries) for layout in layouts],
    }


if sys.argv[1] == "fit":
    answer = fit(sys.argv[2], sys.argv[3])
else:
    answer = quality(sys.argv[2], sys.argv[3:])
json.dump(answer, sys.stdout)
