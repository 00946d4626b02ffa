"""Satisfaction, 0–99: what in the service each order was good and bad in, as points that add up."""

from __future__ import annotations
