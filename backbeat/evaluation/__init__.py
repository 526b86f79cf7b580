"""`backbeat eval`: how well the reader and a language model understand requests, and how fast."""

from backbeat.evaluation.command import evaluate

__all__ = ["evaluate"]
