/**
 * The function outside the VPC that hears of promotions and repoints the CNAME. Start at {@link
 * dev.burgee.failover.FailoverDnsUpdateHandler}. Not here: what a promotion is (see region-pulse).
 */
@NullMarked
package dev.burgee.failover;

import org.jspecify.annotations.NullMarked;
