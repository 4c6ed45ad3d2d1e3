package dev.burgee.failure;

/**
 * One broken rule in a request.
 *
 * @param pointer where: a JSON Pointer into the body ({@code /variants/on}; empty for the whole body), or the name of a
 *     header, path or query parameter
 * @param message the value and the rule
 */
public record Violation(String pointer, String message) {}
