# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""What other people's programs make of random marks, for Tests/StatisticsTests.

    pip install numpy scipy scikit-learn statsmodels pingouin krippendorff
    python Tests/Fixtures/statistics/reference.py > Tests/Fixtures/statistics/golden.json

Cohen's kappa and the quadratic weighted one are scikit-learn's, correlations SciPy's, Krippendorff's alpha is that of the
package krippendorff, Cronbach's alpha and the ICC are pingouin's, regressions statsmodels'. What has no such program
(upper-lower, discriminative efficiency, fairness, intervals) is written here anew from the definitions in
docs/statistics.md. The output is the same on every run with the same versions.
"""

import json
import warnings

import krippendorff
import numpy as np
import pandas as pd
import pingouin
import scipy.stats
import sklearn.metrics
import statsmodels.api as sm

warnings.filterwarnings("ignore")
RANDOM = np.random.default_rng(20261127)
RESAMPLES, SEED = 200, 42


def listed(values):
    """Nested lists with None for what is missing."""
    if isinstance(values, (list, tuple, np.ndarray)):
        return [listed(value) for value in values]
    return None if values is None or np.isnan(values) else float(values)


def split_mix(seed):
    state = seed
    while True:
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) % 2**64
        yield mixed ^ (mixed >> 31)


def interval(n, compute):
    """The bootstrap interval of one statistic, or None."""
    numbers = split_mix(SEED)
    values = [compute(np.array([next(numbers) * n >> 64 for _ in range(n)])) for _ in range(RESAMPLES)]
    values = [value for value in values if value is not None and np.isfinite(value)]
    return None if len(values) < 0.9 * RESAMPLES else [float(v) for v in np.percentile(values, [2.5, 97.5])]


def missing(values, share):
    values = np.array(values, float)
    values[RANDOM.random(values.shape) < share] = np.nan
    return values + 0.0  # No -0, which would be another name than 0.


def correlation(function, x, y):
    if len(x) < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return None
    return function(x, y)[0]


def agreement_figures(m, h):
    names = [str(value) for value in m], [str(value) for value in h]
    both = sorted(set(names[0] + names[1]))
    spread = m.var() + h.var() + (m.mean() - h.mean()) ** 2
    return {
        "exact": np.mean(m == h), "adjacent": np.mean(abs(m - h) <= 1), "mae": sklearn.metrics.mean_absolute_error(h, m),
        "kappa": sklearn.metrics.cohen_kappa_score(*names, labels=both) if len(both) > 1 else None,
        "qwk": 2 * np.cov(m, h, ddof=0)[0, 1] / spread if spread else None,
        "pearson": correlation(scipy.stats.pearsonr, m, h), "spearman": correlation(scipy.stats.spearmanr, m, h),
        "smd": (m.mean() - h.mean()) / h.std(ddof=1) if np.ptp(h) else None,
    }


def agreement(m, h, with_intervals):
    kept = ~(np.isnan(m) | np.isnan(h))
    m1, h1 = m[kept], h[kept]
    values = agreement_figures(m1, h1)
    whole = np.all(m1 == m1.round()) and np.all(h1 == h1.round())
    if whole:  # The formula for continuous marks has to give the usual quadratic kappa.
        usual = sklearn.metrics.cohen_kappa_score(m1.astype(int), h1.astype(int), weights="quadratic",
                                                  labels=range(int(min(m1.min(), h1.min())), int(max(m1.max(), h1.max())) + 1))
        assert abs(usual - values["qwk"]) < 1e-12
        values["qwk"] = usual
    case = {"machine": listed(m), "human": listed(h), "values": values}
    if with_intervals:
        case["intervals"] = {
            name: interval(len(m1), lambda drawn: agreement_figures(m1[drawn], h1[drawn])[name]) for name in values}
    return case


def marks(n, levels, noise, share):
    truth = RANDOM.normal(levels / 2, levels / 4, n)
    def marked():
        return missing(np.clip(np.round(truth + RANDOM.normal(0, noise, n)), 0, levels), share)
    return marked(), marked()


def alpha_of(answers, level, values=None):
    return krippendorff.alpha(np.array(answers, float).T, level_of_measurement=level)


def reliability(n, markers, levels, share, whole=True):
    truth = RANDOM.normal(levels / 2, levels / 3, (n, 1))
    cells = truth + RANDOM.normal(0, levels / 8, (n, markers)) + RANDOM.normal(0, levels / 10, (1, markers))
    cells = missing(np.clip(cells.round() if whole else cells, 0, levels), share)
    complete = cells[~np.isnan(cells).any(axis=1)]
    case = {"answers": listed(cells), "alpha": {
        level: alpha_of(cells, level) for level in ("nominal", "ordinal", "interval")}}
    counted = cells[(~np.isnan(cells)).sum(axis=1) > 1]
    case["intervals"] = {level: interval(len(counted), lambda drawn: alpha_of(counted[drawn], level))
                         for level in ("nominal", "ordinal", "interval")} if n < 50 else None
    if len(complete) > 4:
        long = pd.DataFrame([(i, j, v) for i, row in enumerate(complete) for j, v in enumerate(row)], columns=["t", "r", "s"])
        table = pingouin.intraclass_corr(long, targets="t", raters="r", ratings="s")
        # Computed again from mean squares: the package rounds nothing, but its row names changed between versions.
        two = sm.stats.anova_lm(sm.OLS.from_formula("s ~ C(t) + C(r)", long).fit())
        msr, msc, mse = two["mean_sq"]["C(t)"], two["mean_sq"]["C(r)"], two["mean_sq"]["Residual"]
        size, k = complete.shape
        case["icc"] = (msr - mse) / (msr + (k - 1) * mse + k * (msc - mse) / size)
        assert min(abs(table["ICC"] - case["icc"])) < 1e-6
    return case


def upper_lower(x, totals):
    """Every student at the border gets an equal part of the places there."""
    size = max(1, int(np.floor(0.27 * len(x) + 0.5)))
    def mean(sign):
        ranks = scipy.stats.rankdata(sign * totals, "min") - 1
        weights = np.array([min(1.0, max(0.0, (size - below) / np.sum(ranks == below))) for below in ranks])
        assert abs(weights.sum() - size) < 1e-9
        return np.sum(weights * x) / size
    return mean(-1) - mean(1)


def items(n, k, share, with_intervals):
    ability = RANDOM.normal(0, 1, (n, 1))
    difficulty, maxima = RANDOM.normal(0, 1, (1, k)), RANDOM.integers(1, 5, k).astype(float)
    chance = 1 / (1 + np.exp(-(ability * RANDOM.normal(1, 0.8, (1, k)) - difficulty)))
    cells = missing(RANDOM.binomial(maxima.astype(int), chance), share)
    table = cells[~np.isnan(cells).any(axis=1)]
    total = table.sum(axis=1)
    def cronbach(array):
        return pingouin.cronbach_alpha(pd.DataFrame(array))[0]
    def formula(array):
        spread = array.sum(axis=1).var(ddof=1)
        return k / (k - 1) * (1 - array.var(axis=0, ddof=1).sum() / spread) if spread else None
    alpha = cronbach(table)
    assert abs(alpha - formula(table)) < 1e-9
    rows = []
    for item in range(k):
        own, rest = table[:, item], np.delete(table, item, 1).sum(axis=1)
        known = cells[:, item][~np.isnan(cells[:, item])]
        highest = np.cov(np.sort(own), np.sort(rest))[0, 1]
        row = {"facility": known.mean() / maxima[item], "sd": known.std(ddof=1),
               "discrimination": correlation(scipy.stats.pearsonr, own, rest),
               "upper_lower": upper_lower(own, total) / maxima[item],
               "efficiency": np.cov(own, rest)[0, 1] / highest if highest else None,
               "alpha_if_deleted": cronbach(np.delete(table, item, 1))}
        if with_intervals:
            row["facility_interval"] = interval(len(known), lambda drawn: known[drawn].mean() / maxima[item])
            row["discrimination_interval"] = interval(
                len(table), lambda drawn: correlation(scipy.stats.pearsonr, own[drawn], rest[drawn]))
        rows.append(row)
    case = {"marks": listed(cells), "maxima": listed(maxima), "alpha": alpha, "items": rows, "complete": len(table),
            "sem": total.std(ddof=1) * np.sqrt(1 - max(0, alpha)), "mean": total.mean()}
    if with_intervals:
        case["alpha_interval"] = interval(len(table), lambda drawn: formula(table[drawn]))
    return case


def borderline(n):
    grades = missing(RANDOM.integers(1, 6, n), 0.05)
    scores = missing(20 + 15 * grades + RANDOM.normal(0, 8, n), 0.05)
    kept = ~(np.isnan(grades) | np.isnan(scores))
    x, y = grades[kept], scores[kept]
    def fit(x, y):
        if np.ptp(x) == 0:
            return None
        return sm.OLS(y, sm.add_constant(x)).fit()
    def cut(drawn):
        model = fit(x[drawn], y[drawn])
        return None if model is None or model.params[1] <= 0 else model.params[0] + 2 * model.params[1]
    model = fit(x, y)
    return {"grades": listed(grades), "scores": listed(scores), "cut": model.params[0] + 2 * model.params[1],
            "slope": model.params[1], "intercept": model.params[0], "r2": model.rsquared,
            "rmse": np.sqrt(np.mean(model.resid**2)), "cut_interval": interval(len(x), cut)}


def angoff(judges, count):
    cells = missing(np.clip(RANDOM.normal(0.6, 0.15, (judges, count)), 0, 1), 0.02)
    weights = RANDOM.integers(1, 4, count).astype(float)
    cuts = (cells * weights).sum(axis=1) / weights.sum()
    known = cuts[~np.isnan(cuts)]
    return {"estimates": listed(cells), "weights": listed(weights), "cut": known.mean(), "sd": known.std(ddof=1),
            "se": scipy.stats.sem(known), "items": listed(np.nanmean(cells, axis=0)),
            "cut_interval": interval(len(known), lambda drawn: known[drawn].mean())}


def fairness():
    rows = []
    for student in range(130):
        group = "a" if student < 60 else "b" if student < 111 else "c"  # c has 19 students: too few.
        for _ in range(RANDOM.integers(1, 4)):
            human = float(RANDOM.integers(0, 11))
            machine = human + RANDOM.normal(0.2 if group == "a" else -0.5, 1.2)
            words = int(RANDOM.integers(20, 120))
            # Of b only 15 students have coverages.
            covered = group != "b" or student < 75
            rows.append({"group": group, "student": student, "errors": int(RANDOM.binomial(words, 0.1 if group == "a" else 0.18)),
                         "words": words, "machine": None if RANDOM.random() < 0.05 else machine, "human": human,
                         "machine_coverage": RANDOM.random() if covered else None, "human_coverage": RANDOM.random(),
                         "unscorable": bool(RANDOM.random() < 0.08)})
            rows[-1]["passes"] = None if rows[-1]["machine"] is None else bool(machine >= 5)
    frame = pd.DataFrame(rows)
    frame["gap"] = frame.machine_coverage.astype(float) - frame.human_coverage
    frame["difference"] = frame.machine.astype(float) - frame.human
    frame["flip"] = [np.nan if p is None else float(p != (h >= 5)) for p, h in zip(frame.passes, frame.human)]
    frame["refused"] = frame.unscorable.astype(float)
    shown = frame[frame.group != "c"]
    yardstick = shown[shown.difference.notna()].human.std(ddof=1)
    def figures(part, groups):
        def ratio(above, below, scale=1.0):
            known = part[part[above].notna()].assign(one=1.0)
            known = known[[g in groups.get(above, "ab") for g in known.group]]
            if known.student.nunique() < 20:
                return None
            sums = known.groupby("student", sort=False)[[above, below]].sum().to_numpy(float)
            def value(drawn):
                return sums[drawn, 0].sum() / sums[drawn, 1].sum() / scale
            return {"value": value(np.arange(len(sums))), "n": len(sums), "interval": interval(len(sums), value)}
        return {"wer": ratio("errors", "words"), "smd": ratio("difference", "one", yardstick), "gap": ratio("gap", "one"),
                "flip": ratio("flip", "one"), "unscorable": ratio("refused", "one")}
    return {"answers": rows, "a": figures(frame[frame.group == "a"], {}), "b": figures(frame[frame.group == "b"], {"gap": ""}),
            "overall": figures(shown, {"gap": "a"})}


def progress(n, error):
    values = missing(50 + np.arange(n) * RANDOM.normal(1, 2) + RANDOM.normal(0, error, n), 0.15)
    known = np.flatnonzero(~np.isnan(values))
    line = scipy.stats.linregress(known, values[known])
    return {"marks": listed(values), "sem": error, "slope": line.slope,
            "slope_error": error / np.sqrt(np.sum((known - known.mean()) ** 2)),
            "change": values[known[-1]] - values[known[0]], "change_error": error * np.sqrt(2)}


def plain(value):
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    return value.item() if isinstance(value, np.generic) else value


golden = {
    "resamples": RESAMPLES, "seed": SEED,
    "agreement": [
        agreement(*marks(40, 5, 0.8, 0.1), True), agreement(*marks(12, 3, 0.5, 0), True), agreement(*marks(300, 10, 2, 0.2), False),
        agreement(*(RANDOM.normal(0, 1e3, (2, 50))), False), agreement(*(missing(RANDOM.normal(1e6, 1, 35), 0.1) for _ in "mh"), True),
        agreement(*marks(100, 1, 0.6, 0), False)],
    "reliability": [reliability(30, 4, 5, 0.2), reliability(12, 3, 2, 0.1), reliability(120, 5, 10, 0.3),
                    reliability(25, 2, 100, 0, whole=False)],
    "items": [items(40, 6, 0.01, True), items(9, 4, 0, True), items(150, 12, 0.02, False)],
    "borderline": [borderline(40), borderline(8)], "angoff": [angoff(9, 12), angoff(3, 4)],
    "fairness": fairness(), "progress": [progress(8, 4.0), progress(3, 1.0), progress(20, 6.0)],
}
print(json.dumps(plain(golden), separators=(",", ":"), allow_nan=False))
