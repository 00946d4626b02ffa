"""Satisfaction, 0–99: what in the service each order was good and bad in, as points that add up.

`cards` (which facts give how many points) and `facts` (what is known of each order) meet in `scoring`; `scores` adds
what the client himself answered and what was learnt later; `clients`, `weak_points`, `summary`, `files` tell of it.
`labels`, `calibration`, `checks` and `self_check` ask whether it is true. `Satisfaction` is the room of the study.
"""

from dovolen.insight.satisfaction.room import Satisfaction

__all__ = ["Satisfaction"]
