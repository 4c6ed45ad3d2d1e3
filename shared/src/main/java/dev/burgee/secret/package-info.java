/**
 * Secrets that are fetched when first needed and kept fresh without anybody waiting. Start at {@link
 * dev.burgee.secret.RefreshingSecret}; the port is {@link dev.burgee.secret.SecretSource}, its adapter {@code
 * SecretsManagerSource}. Not here: what a secret's text means ({@code topology}, {@code auth}).
 */
@NullMarked
package dev.burgee.secret;

import org.jspecify.annotations.NullMarked;
