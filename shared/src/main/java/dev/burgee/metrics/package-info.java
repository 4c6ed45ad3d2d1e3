/**
 * What the functions measure: {@link dev.burgee.metrics.Metric} is the closed list, {@code EmfMetrics} writes it in
 * CloudWatch's Embedded Metric Format. By hand: docs/adr/0004-hand-written-emf.md.
 */
@NullMarked
package dev.burgee.metrics;

import org.jspecify.annotations.NullMarked;
