/** AWS regions by name. Start at {@link dev.burgee.region.Region}. */
@NullMarked
package dev.burgee.region;

import org.jspecify.annotations.NullMarked;
