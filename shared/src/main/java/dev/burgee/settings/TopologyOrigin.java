package dev.burgee.settings;

import dev.burgee.topology.Topology;

/** Where the topology comes from. */
public sealed interface TopologyOrigin {
    /** A secret, fetched when first needed. */
    record InSecret(String id) implements TopologyOrigin {}

    /** The simple variables, read already. */
    record InVariables(Topology topology) implements TopologyOrigin {}
}
