"""Every edge of a template."""

from __future__ import annotations

from common import Template
from reading import edges, machines, network, permits, reach, routes, settings
from reading.graph import Edge, View
from reading.partitions import Partition

READERS = (
    edges.mappings, edges.notifications, edges.subscriptions, edges.rules, edges.schedules, edges.addresses,
    edges.log_filters, edges.destinations, edges.redrives, edges.alarms, edges.logs,
    routes.routes, machines.calls, permits.permissions, reach.rights, network.network, network.ways_out, reach.edge_locations, settings.settings,
)


def graph(template: Template, partition: Partition) -> tuple[View, set[Edge]]:
    view = View(template, partition)
    return view, {edge for reader in READERS for edge in reader(view)}
