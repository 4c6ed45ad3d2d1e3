/** JSON with limits: {@link dev.burgee.json.Json} is all of it, over Jackson jr. Not here: what the JSON means. */
@NullMarked
package dev.burgee.json;

import org.jspecify.annotations.NullMarked;
