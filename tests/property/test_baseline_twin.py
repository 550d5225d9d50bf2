"""The fast model of long histories says what its readable twin says, whatever the series."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.engines.warning.history import baseline, baseline_oracle, baseline_tails
from zhongshu.engines.warning.history.baseline import Options

OPTIONS = st.builds(
    Options,
    season=st.sampled_from([26.0, 52.1775]),
    harmonics=st.integers(0, 2),
    trend=st.booleans(),
    left_out=st.sampled_from([0, 8]),
    needed=st.sampled_from([20, 60]),
    longest=st.sampled_from([60, 1_000]),
    weights_from=st.sampled_from([1.5, 2.58]),
    reweighs=st.integers(0, 2),
    prior_sd=st.sampled_from([0.5, 2.0]),
)
STEPS = 140


def series(seed: int, mean: float, spread: float) -> baseline.Floats:
    """Negative binomial counts with a season, an outbreak and steps without a report."""
    rng = np.random.default_rng(seed)
    level = mean * np.exp(0.4 * np.sin(2 * np.pi * np.arange(STEPS) / 52))
    counts = rng.negative_binomial(level / spread, 1 / (1 + spread)).astype(float)
    counts[rng.integers(0, STEPS) :][:4] += rng.poisson(3 * np.sqrt(mean))
    counts[rng.random(STEPS) < 0.04] = np.nan
    return counts


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10_000),
    mean=st.sampled_from([0.1, 3.0, 200.0]),
    spread=st.sampled_from([0.3, 4.0]),
    options=OPTIONS,
    states=st.sampled_from([0, 3, 8]),
    shares=st.booleans(),
)
def test_the_fast_model_equals_the_readable_one(
    seed: int, mean: float, spread: float, options: Options, states: int, shares: bool
) -> None:
    counts = np.stack([series(seed, mean, spread), series(seed + 1, mean, spread)])
    rng = np.random.default_rng(seed)
    state = rng.integers(0, states, STEPS) if states else None
    share = np.where(rng.random(STEPS) < 0.1, 0.4, 1.0) if shares else None
    at = np.array([15, 90, 91, STEPS - 1])
    found = baseline.expected(counts, at, options, state=state, share_in=share, chance=0.3)
    for row in range(2):
        for n, step in enumerate(at):
            told = baseline_oracle.one(
                counts[row],
                int(step),
                options,
                state=state,
                base=None if share is None else np.log(share),
                chance=0.3,
            )
            got = (found.expected, found.error, found.phi, found.p)
            if told is None:
                assert np.isnan([part[row, n] for part in got]).all()
                continue
            for part, right in zip(got, told, strict=True):
                np.testing.assert_allclose(part[row, n], right, rtol=2e-3, atol=1e-9)


def test_tails_and_what_weights_keep() -> None:
    for mean in (0.02, 0.9, 14.0, 700.0):
        for phi in (1.0, 1.3, 6.0):
            spread = baseline_oracle.law(mean, phi)
            for count in (0.0, 1.0, np.floor(mean), np.ceil(3 * mean) + 5):
                above, mass = baseline_tails.tail(count, mean, phi)
                np.testing.assert_allclose(above, spread.sf(count), rtol=1e-8, atol=1e-13)
                np.testing.assert_allclose(mass, spread.pmf(count), rtol=1e-8)
            k = np.arange(0.0, 60 * (mean + phi))
            weight = baseline_oracle.down(k, baseline_oracle.residuals(k, mean, phi, 0.0), 2.58)
            kept = spread.pmf(k) * weight
            first, second = baseline_tails.kept(mean, phi, 2.58)
            np.testing.assert_allclose(first, kept @ k / kept.sum() / mean, rtol=1e-4)
            wide = kept @ (k - mean) ** 2 / kept.sum() / (mean * phi)
            np.testing.assert_allclose(second, wide, rtol=1e-3)
