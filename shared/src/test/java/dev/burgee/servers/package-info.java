/**
 * Real servers for tests and for the local world: {@link dev.burgee.servers.RedisNode} is one Redis process that can be
 * killed, hung and made to follow another, {@link dev.burgee.servers.DynamoNode} is DynamoDB Local in this process. Never
 * ships. Not here: latency between regions (the local world's proxies).
 */
@NullMarked
package dev.burgee.servers;

import org.jspecify.annotations.NullMarked;
