"""Compares the validation losses of two sets of runs by Welch's test.

    python3 benches/keras/welch.py OURS KERAS

OURS are the lines of `headless train --json` of all seeds, bare or as {"seed": s, "of": …}, KERAS those of variational.py or tutorial.py. Needs
scipy.
"""
import json
import statistics
import sys

from scipy.stats import t


def read(path):
    """The validation losses of each epoch, a row a seed: the total, and reconstruction and divergence of variational models."""
    epochs = {}
    for line in open(path):
        line = json.loads(line)
        of = line.get("of", line)
        if "epoch" in of:
            parts = ("val_loss", "val_reconstruction", "val_divergence")
            val = of.get("val") or [of[part] for part in parts if part in of]
            epochs.setdefault(of["epoch"], []).append(val)
    return epochs


def probability(a, b):
    """Of a difference of the means as large as this or larger, were the means the same: two-sided, variances unequal."""
    of_a, of_b = (statistics.variance(x) / len(x) for x in (a, b))
    distance = abs(statistics.mean(a) - statistics.mean(b)) / (of_a + of_b) ** 0.5
    freedom = (of_a + of_b) ** 2 / (of_a**2 / (len(a) - 1) + of_b**2 / (len(b) - 1))
    return 2 * t.sf(distance, freedom)


ours, keras = (read(path) for path in sys.argv[1:3])
for epoch, rows in ours.items():
    for name, a, b in zip(("loss", "reconstruction", "divergence"), zip(*rows), zip(*keras[epoch])):
        of = [f"{statistics.mean(x):.4g} ± {statistics.stdev(x):.2g}" for x in (a, b)]
        p = probability(a, b)
        print(f"epoch {epoch} {name:15} ours {of[0]:15} Keras {of[1]:15} p = {p:.3f} ({len(a)} and {len(b)} seeds)")
