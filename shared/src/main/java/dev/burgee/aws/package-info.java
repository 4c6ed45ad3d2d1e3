/**
 * How AWS APIs are called. Start at {@link dev.burgee.aws.AwsClients}; what a cold start waits for goes without the SDK's
 * clients ({@link dev.burgee.aws.SignedPost}). Not here: the ledger's clients, whose retries are our own (see {@code
 * ledger}).
 */
@NullMarked
package dev.burgee.aws;

import org.jspecify.annotations.NullMarked;
