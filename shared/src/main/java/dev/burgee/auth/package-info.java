/**
 * Who may call: keys by their SHA-256, two scopes, one port. Start at {@link dev.burgee.auth.Authenticator}; {@code
 * KeyAuthenticator} is its adapter over the keys secret. Not here: how the secret is fetched (see {@code secret}).
 */
@NullMarked
package dev.burgee.auth;

import org.jspecify.annotations.NullMarked;
