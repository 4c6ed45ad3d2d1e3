/**
 * What the environment says, read once and checked at once, and {@link dev.burgee.settings.Limits} on everything that
 * waits. Not here: endpoints and passwords (see {@code topology} and {@code secret}).
 */
@NullMarked
package dev.burgee.settings;

import org.jspecify.annotations.NullMarked;
