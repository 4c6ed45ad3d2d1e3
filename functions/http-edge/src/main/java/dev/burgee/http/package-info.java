/**
 * What the HTTP functions share at their edge: payload 2.0 events in, routes, keys, CORS, limits, and problem documents
 * out. Start at {@link dev.burgee.http.HttpEdge}; a function brings {@link dev.burgee.http.Route}s. Not here: what a
 * request means (the functions' use cases) and who may call ({@code auth}).
 */
@NullMarked
package dev.burgee.http;

import org.jspecify.annotations.NullMarked;
