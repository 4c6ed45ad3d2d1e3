// Calls of the API of one region, and of whichever region answers.

import { keys } from './config.js';
import { parse } from './json.js';
import { pause } from './dom.js';

const READ_LIMIT_MS = 8_000;
const WRITE_LIMIT_MS = 16_000;
const TRIES_MAX = 4;
const PAUSE_MS_MAX = 2_000;

/** The API said no: a problem document (RFC 9457), or what a gateway says instead. */
export class Problem extends Error {
  constructor(status, body, headers, region) {
    super(body?.detail ?? body?.message ?? `HTTP ${status}`);
    this.status = status;
    this.kind = body?.kind ?? '';
    this.violations = Array.isArray(body?.violations) ? body.violations : [];
    this.retryAfterMs = (Number(headers.get('Retry-After')) || 0) * 1000;
    this.region = region;
  }
}

/** No answer, or none in time. */
export class Lost extends Error {
  constructor(region, cause) {
    super(cause?.name === 'TimeoutError' ? 'no answer in time' : 'not reachable');
    this.region = region;
  }
}

/**
 * One call. Answers `{status, json, position, source, etag, ms}`; throws `Problem` or `Lost`.
 * `takes`: statuses of 400 and more that are answers too. `exact`: numbers keep their text, as flags need it.
 */
export async function call(region, method, path, { body, headers = {}, limitMs = READ_LIMIT_MS, takes = [], exact = true } = {}) {
  const sent = { 'X-API-Key': keys.key, ...headers };
  if (keys.token) sent.Authorization = `Bearer ${keys.token}`;
  if (body !== undefined) sent['Content-Type'] = 'application/json';
  const start = performance.now();
  let response, text;
  try {
    response = await fetch(region.url + path, {
      method, body, headers: sent, cache: 'no-store', credentials: 'omit', redirect: 'error',
      signal: AbortSignal.timeout(limitMs),
    });
    text = await response.text();
  } catch (e) {
    throw new Lost(region, e);
  }
  const ms = performance.now() - start;
  let json = null;
  try {
    json = text ? (exact ? parse(text) : JSON.parse(text)) : null;
  } catch {
    // an answer of something in between; its status tells enough
  }
  if (response.status >= 400 && !takes.includes(response.status)) {
    throw new Problem(response.status, json, response.headers, region);
  }
  return {
    status: response.status, json, ms, region,
    position: Number(response.headers.get('Burgee-Position') ?? 0),
    source: response.headers.get('Burgee-Source') ?? '',
    staleS: response.headers.get('Burgee-Stale'),
    etag: response.headers.get('ETag'),
  };
}

/** Whether another region, or the same one a little later, may do better. */
export const passing = (e) => e instanceof Lost || (e instanceof Problem && [429, 502, 503, 504].includes(e.status));

/** Reads from the first region that answers. `regions`: in the order to be tried. */
export async function read(regions, path, options) {
  let last;
  for (const region of regions.slice(0, TRIES_MAX)) {
    try {
      return await call(region, 'GET', path, options);
    } catch (e) {
      if (!passing(e)) throw e;
      last = e;
    }
  }
  throw last;
}

/**
 * Changes something through the first region that answers. A repeat carries the same Idempotency-Key, so that a change
 * whose answer was lost is not made twice, whichever region takes the repeat.
 */
export async function change(regions, method, path, { body, headers = {} } = {}) {
  const once = { ...headers, 'Idempotency-Key': crypto.randomUUID() };
  let last;
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const region = regions[tries % regions.length];
    try {
      return await call(region, method, path, { body, headers: once, limitMs: WRITE_LIMIT_MS });
    } catch (e) {
      if (!passing(e)) throw e;
      last = e;
    }
    if (tries >= regions.length - 1) {
      await pause(Math.min(last.retryAfterMs || 1000, PAUSE_MS_MAX));
    }
  }
  throw last;
}
