/**
 * The flag document: its rules ({@code FlagRules}), its changes ({@code MergePatch}) and its forms ({@link
 * dev.burgee.flag.FlagState}). Pure. Not here: where flags are kept.
 */
@NullMarked
package dev.burgee.flag;

import org.jspecify.annotations.NullMarked;
