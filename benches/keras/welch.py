"""Compares the validation losses of two sets of runs by Welch's test.

    python3 benches/keras/welch.py OURS KERAS

OURS are lines {"seed": s, "of": …} around the lines of `headless train --json`, KERAS those of variational.py. Needs scipy.
"""
import json
import statistics
import sys

from scipy.stats import ttest_ind


def read(path):
    """The validation losses (total, reconstruction, divergence) of each epoch, a row a seed."""
    epochs = {}
    for line in open(path):
        line = json.loads(line)
        of = line.get("of", line)
        if "epoch" in of:
            val = of.get("val") or [of["val_loss"], of["val_reconstruction"], of["val_divergence"]]
            epochs.setdefault(of["epoch"], []).append(val)
    return epochs


ours, keras = (read(path) for path in sys.argv[1:3])
for epoch, rows in ours.items():
    for name, a, b in zip(("loss", "reconstruction", "divergence"), zip(*rows), zip(*keras[epoch])):
        of = [f"{statistics.mean(x):.2f} ± {statistics.stdev(x):.2f}" for x in (a, b)]
        p = ttest_ind(a, b, equal_var=False).pvalue
        print(f"epoch {epoch} {name:15} ours {of[0]:15} Keras {of[1]:15} p = {p:.3f} ({len(a)} and {len(b)} seeds)")
