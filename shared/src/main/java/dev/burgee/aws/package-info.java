/**
 * How clients of AWS APIs are made. Start at {@link dev.burgee.aws.AwsClients}. Not here: the ledger's clients, whose retries
 * are our own (see {@code ledger}).
 */
@NullMarked
package dev.burgee.aws;

import org.jspecify.annotations.NullMarked;
