/**
 * The whole world on one machine: real caches, the ledger, the functions as they ship, and the distances between regions.
 *
 * <p>Not a simulation of the functions (it runs their own code) and not a part of what is deployed. What it imitates is
 * what lies around them: API Gateway, Secrets Manager, the network. Start at {@link dev.burgee.local.World}; the command
 * line is {@link dev.burgee.local.LocalMain}.
 */
@NullMarked
package dev.burgee.local;

import org.jspecify.annotations.NullMarked;
