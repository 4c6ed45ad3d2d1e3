// JSON that loses nothing: numbers that JavaScript would round (12345678901234567890, 1.0) keep their text, where the
// browser can do that.

export function parse(text) {
  return JSON.parse(text, (_, value, context) =>
    typeof value === 'number' && context?.source && String(value) !== context.source && JSON.rawJSON
      ? JSON.rawJSON(context.source)
      : value);
}

/** For people, two spaces deep. */
export const pretty = (value) => JSON.stringify(value, null, 2);

/** What people decide of a flag, without what the service adds. */
export function definition(flag) {
  const { state, variants, defaultVariant, targeting, metadata } = flag;
  return { state, variants, defaultVariant, targeting, metadata };
}
