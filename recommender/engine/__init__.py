"""The recommender's engine: pure functions over frozen dataclasses, no Django.

`pipeline.recommend` is the whole of it on one screen; each step is a module of its own.
"""
