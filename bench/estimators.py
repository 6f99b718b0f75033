"""scikit-learn's models on the tables of estimators.ts; prints JSON: name -> accuracies in per cent by seed."""
import json
import sys

from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC, LinearSVC
from sklearn.tree import DecisionTreeClassifier

tables = json.load(open(sys.argv[1]))
models = {
    "tree": lambda seed: DecisionTreeClassifier(random_state=seed),
    "forest": lambda seed: RandomForestClassifier(random_state=seed),
    "boosting": lambda seed: HistGradientBoostingClassifier(random_state=seed, early_stopping=False),
    "linear": lambda seed: LogisticRegression(max_iter=1000),
    "svm linear": lambda seed: LinearSVC(random_state=seed),
    "svm rbf": lambda seed: SVC(),
}
scores = {
    name: [
        100 * make(seed).fit(table["training"]["x"], table["training"]["y"]).score(table["test"]["x"], table["test"]["y"])
        for seed, table in enumerate(tables)
    ]
    for name, make in models.items()
}
print(json.dumps(scores))
