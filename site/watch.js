// Asks every region again and again how it is, and how long a read takes from here. A region that does not answer is asked
// less and less often; the others do not wait for it.

import { call, Lost, Problem } from './api.js';
import { pause } from './dom.js';

const BACKOFF_MS = 1_000;
const BACKOFF_MS_MAX = 15_000;
const READ_LIMIT_MS = 5_000;

/** What is known of one region; `up`: null until it was asked. */
export class Region {
  up = null;
  /** Why it is not up, for people. */
  trouble = '';
  failures = 0;
  nextTryAt = 0;
  position = 0;
  source = '';
  readMs = null;
  /** The path whose reads are timed. */
  probed = null;
  /** Its own answer to `GET /api/health`, and when it came. */
  health = null;
  healthAt = 0;
  #wake = () => {};

  constructor(name, url) {
    this.name = name;
    this.url = url;
  }

  /** Ends the pause before the next try. */
  retryNow() {
    this.#wake();
  }

  rest(ms) {
    this.nextTryAt = Date.now() + ms;
    return Promise.race([pause(ms), new Promise((wake) => { this.#wake = wake; })]);
  }
}

export class Watch {
  #options;
  #generation = 0;

  /** `{pollMs, probeKey(), seen(region), denied(problem)}` */
  constructor(regions, options) {
    this.regions = regions;
    this.#options = options;
  }

  start() {
    const generation = ++this.#generation;
    this.regions.forEach((region) => this.#loop(region, () => generation === this.#generation));
  }

  stop() {
    this.#generation++;
  }

  async #loop(region, going) {
    while (going()) {
      await shown();
      const path = `/api/config/flags/${encodeURIComponent(this.#options.probeKey())}`;
      const [read, health] = await Promise.allSettled([
        call(region, 'GET', path,
          { takes: [404], limitMs: READ_LIMIT_MS, exact: false }),
        call(region, 'GET', '/api/health', { limitMs: READ_LIMIT_MS, exact: false }),
      ]);
      if (!going()) return;
      const denied = [read, health].find((one) => one.reason instanceof Problem && one.reason.status === 401);
      if (denied) {
        this.#options.denied(denied.reason);
        return;
      }
      note(region, read, health);
      // the first look at an address also asks whether it may (CORS), and connects: that is no read's time
      if (region.probed !== path) region.readMs = null;
      region.probed = region.up ? path : null;
      this.#options.seen(region);
      const wait = region.failures === 0
        ? this.#options.pollMs
        : Math.max(read.reason?.retryAfterMs ?? 0, Math.min(BACKOFF_MS_MAX, BACKOFF_MS * 2 ** (region.failures - 1)));
      await region.rest(wait);
    }
  }
}

function note(region, read, health) {
  if (read.status === 'fulfilled') {
    region.up = true;
    region.trouble = '';
    region.failures = 0;
    region.position = Math.max(region.position, read.value.position);
    region.source = read.value.source;
    region.staleS = read.value.staleS;
    region.readMs = read.value.ms;
  } else {
    region.up = false;
    region.failures++;
    region.readMs = null;
    region.source = '';
    region.trouble = trouble(read.reason);
  }
  if (health.status === 'fulfilled') {
    region.health = health.value.json;
    region.healthAt = Date.now();
  } else if (health.reason instanceof Lost) {
    region.health = null;
  }
}

/** For people. */
function trouble(e) {
  if (e instanceof Problem) return `answers ${e.status}: ${e.message}`;
  return e.message;
}

function shown() {
  if (!document.hidden) return Promise.resolve();
  return new Promise((done) => document.addEventListener('visibilitychange', done, { once: true }));
}
