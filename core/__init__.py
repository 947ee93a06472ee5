"""Decides. Pure: no clock, environment, network, disk or logging; `now` is an argument."""
