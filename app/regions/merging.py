"""Merging neighbouring basins by what they have in common, step by step, into one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Merges", "merge"]


@dataclass(frozen=True)
class Merges:
    """A binary tree over leaves 0 to n - 1. Merge i makes the node n + i of two nodes that were there before.

    pairs : np.ndarray [shape=(n - 1, 2), dtype=int64]
        Nodes that are merged, the cheapest merge first, none before those that made its nodes.
    """

    n_leaves: int
    pairs: NDArray[np.int64]

    def order(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Leaves in an order in which those below any node follow each other.

        Returns
        -------
        place : np.ndarray [shape=(n,)]
            The place of each leaf.
        first, end : np.ndarray [shape=(2 n - 1,)]
            The places below each node: from `first` up to, without, `end`.
        """
        n_nodes = 2 * self.n_leaves - 1
        size, first = np.ones(n_nodes, np.int64), np.zeros(n_nodes, np.int64)
        for i, (a, b) in enumerate(self.pairs.tolist()):
            size[self.n_leaves + i] = size[a] + size[b]
        for i in range(self.n_leaves - 2, -1, -1):
            a, b = self.pairs[i]
            first[a] = first[self.n_leaves + i]
            first[b] = first[a] + size[a]
        return first[: self.n_leaves], first, first + size

    def nodes_at(self, n_parts: int) -> NDArray[np.int64]:
        """The nodes that are there when `n_parts` are left, or all leaves where there are fewer."""
        n_merged = max(self.n_leaves - n_parts, 0)
        is_there = np.zeros(2 * self.n_leaves - 1, np.bool_)
        is_there[: self.n_leaves + n_merged] = True
        is_there[self.pairs[:n_merged].ravel()] = False
        return np.flatnonzero(is_there)


def merge(weights: NDArray[np.float64], means: NDArray[np.float64], neighbours: NDArray[np.intp]) -> Merges:
    """Merge neighbours by Ward's criterion: what a merge costs is by how much it raises the sum of squares around the means.

    (Ward, "Hierarchical grouping to optimize an objective function", 1963.) Two nodes that are each other's cheapest neighbour are
    merged, all such pairs at once (reciprocal nearest neighbours: Murtagh, "A survey of recent advances in hierarchical clustering
    algorithms", 1983), and the merges are sorted by cost afterwards: ten thousand basins take a few dozen rounds.

    Parameters
    ----------
    weights : np.ndarray [shape=(n,)]
    means : np.ndarray [shape=(n, n_dims)]
    neighbours : np.ndarray [shape=(n_pairs, 2)]
        They join all leaves, by some way.
    """
    n = len(weights)
    weight = np.concatenate([weights, np.zeros(n - 1)])
    mean = np.concatenate([means, np.zeros((n - 1, means.shape[1]))])
    cost = np.zeros(2 * n - 1)
    made = np.empty((n - 1, 2), np.int64)
    edges, costs = neighbours, _ward(weight, mean, neighbours)
    n_nodes = n
    while len(edges):
        pairs, at = _reciprocal(edges, costs, n_nodes)
        new = np.arange(n_nodes, n_nodes + len(pairs))
        a, b = pairs.T
        made[new - n] = pairs
        weight[new] = weight[a] + weight[b]
        # what weighs nothing has no mean
        parts = weight[a, None] * mean[a] + weight[b, None] * mean[b]
        mean[new] = parts / np.where(weight[new] > 0, weight[new], 1)[:, None]
        # a node may be cheaper to make than one it is made of; it still comes later
        cost[new] = np.maximum(costs[at], np.maximum(cost[a], cost[b]))
        n_nodes += len(pairs)
        became = np.arange(n_nodes)
        became[a] = became[b] = new
        edges, costs = _renamed(edges, costs, became, weight, mean)
    return Merges(n, _by_cost(made, cost[n:], n))


def _ward(weight: NDArray[np.float64], mean: NDArray[np.float64], pairs: NDArray[np.intp]) -> NDArray[np.float64]:
    a, b = pairs.T
    apart = ((mean[a] - mean[b]) ** 2).sum(axis=1)
    both = weight[a] + weight[b]
    costs: NDArray[np.float64] = weight[a] * weight[b] / np.where(both > 0, both, 1) * apart
    return costs


def _reciprocal(edges: NDArray[np.intp], costs: NDArray[np.float64], n_nodes: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Edges that are the cheapest of both their ends, and where they are. Of equal costs the first edge counts as cheaper."""
    order = np.argsort(costs, kind="stable")
    place = np.empty(len(edges), np.intp)
    place[order] = np.arange(len(edges))
    best = np.full(n_nodes, len(edges))
    for end in edges.T:
        np.minimum.at(best, end, place)
    a, b = edges.T
    at = np.flatnonzero((best[a] == place) & (best[b] == place))
    return edges[at], at


def _renamed(
    edges: NDArray[np.intp],
    costs: NDArray[np.float64],
    became: NDArray[np.intp],
    weight: NDArray[np.float64],
    mean: NDArray[np.float64],
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Edges between what nodes became, each once, those of new nodes at their new costs."""
    renamed = np.sort(became[edges], axis=1)
    is_left = renamed[:, 0] != renamed[:, 1]
    changed = (renamed != np.sort(edges, axis=1)).any(axis=1)[is_left]
    renamed, costs = renamed[is_left], costs[is_left].copy()
    costs[changed] = _ward(weight, mean, renamed[changed])
    _, first = np.unique(renamed[:, 0] * len(weight) + renamed[:, 1], return_index=True)
    return renamed[first], costs[first]


def _by_cost(made: NDArray[np.int64], cost: NDArray[np.float64], n: int) -> NDArray[np.int64]:
    """Number merges by what they cost; of equal ones that which was made first comes first."""
    order = np.argsort(cost, kind="stable")
    number = np.arange(2 * n - 1)
    number[n + order] = n + np.arange(n - 1)
    return number[made[order]]
