"""scikit-learn's confusion_matrix or classification_report on two label files, timed without loading.

Usage: metrics_sklearn.py matrix|report GIVEN.npy PREDICTED.npy
"""
import json
import sys
import time

import numpy as np
import sklearn
from sklearn.metrics import classification_report, confusion_matrix

what, given_file, predicted_file = sys.argv[1:4]
given = np.load(given_file)
predicted = np.load(predicted_file)
answer = {"version": sklearn.__version__}
start = time.perf_counter()
if what == "matrix":
    matrix = confusion_matrix(given, predicted)
    answer["seconds"] = time.perf_counter() - start
    answer["matrix"] = matrix.ravel().tolist()
else:
    report = classification_report(given, predicted, output_dict=True)
    answer["seconds"] = time.perf_counter() - start
    answer["macroF1"] = report["macro avg"]["f1-score"]
json.dump(answer, sys.stdout)
