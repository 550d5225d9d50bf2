"""Detect: which county shows something unusual, in which streams, within the alert budget."""

from zhongshu.service.periods.cycle.detect.judging import Detector, detector
from zhongshu.service.periods.cycle.detect.series import series_of
from zhongshu.service.periods.cycle.detect.step import KIND, run

__all__ = ["KIND", "Detector", "detector", "run", "series_of"]
