"""What a threshold promises of the very next parts, rather than of all parts there could be."""

from math import exp, lgamma


def most_of_upcoming(allowed: int, of: int, upcoming: int, confidence: float) -> int:
    """Return how many of the next `upcoming` good parts will reach a threshold, at most.

    The threshold is one that `allowed` of `of` earlier good parts reached by design. Where those
    and the next ones come in no order, which of them rank highest is a matter of chance alone,
    so the count follows the negative hypergeometric law: no more than j reach it if of the
    allowed + 1 + j highest at least allowed + 1 are earlier ones.
    """
    low, high = -1, upcoming
    while high - low > 1:
        middle = (low + high) // 2
        if _at_least(allowed + 1, of, upcoming, allowed + 1 + middle) >= confidence:
            high = middle
        else:
            low = middle
    return high


def _at_least(least: int, earlier: int, upcoming: int, highest: int) -> float:
    """Return the chance that of the `highest` of all parts `least` or more are earlier ones."""
    every = _log_ways(earlier + upcoming, highest)
    counts = range(max(least, highest - upcoming), min(earlier, highest) + 1)
    ways = (_log_ways(earlier, k) + _log_ways(upcoming, highest - k) for k in counts)
    return sum(exp(each - every) for each in ways)


def _log_ways(of: int, chosen: int) -> float:
    return lgamma(of + 1) - lgamma(chosen + 1) - lgamma(of - chosen + 1)
