"""Requests that name tracks and beside them only say what is asked about them."""
