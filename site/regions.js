// The regions in a row: role, health, lag, and how long a read takes from here.

import { Chart } from './chart.js';
import { arrange, byId, duration, el, setAttribute, setText } from './dom.js';

/** What the rules of health mean, for people; docs/operations.md has the table. */
const REASONS = {
  'no-primary': 'no cache takes writes',
  'split-brain': 'two caches take writes',
  'ledger-down': 'the ledger does not answer',
  silent: 'its pulse is silent',
  'heartbeat-old': 'the last heartbeat is old',
  'cache-down': 'its cache is down',
  'cache-empty': 'its cache is empty',
  unconfirmed: 'its cache is unconfirmed',
  lag: 'replication lags',
  evictions: 'its cache evicts',
  memory: 'its cache is nearly full',
  'slow-commands': 'its cache is slow',
};
const MARKS = { healthy: '●', degraded: '▲', critical: '■', lost: '✕', asking: '○' };

export class Regions {
  #watch;
  #cards;

  constructor(watch) {
    this.#watch = watch;
    this.#cards = new Map(watch.regions.map((region) => [region, new Card(region)]));
    arrange(byId('regions'), [...this.#cards.values()].map((card) => card.node));
    setInterval(() => watch.regions.forEach((region) => this.render(region)), 1000);
  }

  /** The charts move on with each look; `world`: what the local world says of the region, or null. */
  measured(region, world) {
    const card = this.#cards.get(region);
    card.world = world;
    card.reads.add(region.readMs);
    card.lags.add(lagOf(view(region, this.#watch.regions), world));
    this.render(region);
  }

  render(region) {
    this.#cards.get(region).render(view(region, this.#watch.regions), this.#watch.regions);
  }
}

/** The newest view of a region that any region knows of; null: none. Its age counts on. */
function view(region, regions) {
  const views = regions
    .filter((from) => from.health)
    .flatMap((from) => from.health.regions
      .filter((one) => one.region === region.name && one.at !== null)
      .map((one) => ({ ...one, ageMs: one.ageMs + Date.now() - from.healthAt })));
  return views.sort((a, b) => a.ageMs - b.ageMs)[0] ?? null;
}

/** The world measures all the time, a pulse now and then. */
function lagOf(seen, world) {
  return world ? world.replicationLagMs : seen?.replicationLagMs ?? null;
}

class Card {
  world = null;
  reads = new Chart('read latency');
  lags = new Chart('replication lag');
  #region;
  #status = el('span');
  #why = el('p', { class: 'why' });
  #retry = el('button', { type: 'button', hidden: true, onclick: () => this.#region.retryNow() }, 'Try again now');
  #facts = new Map();
  #more = new Map();

  constructor(region) {
    this.#region = region;
    const list = (facts, names) => el('dl', {}, names.map((name) => {
      const value = el('dd', {}, '–');
      facts.set(name, value);
      return el('div', {}, el('dt', {}, name), value);
    }));
    this.node = el('li', { class: 'card', 'data-region': region.name },
      el('h3', {}, region.name),
      el('p', { class: 'status' }, this.#status),
      this.#why, this.#retry,
      list(this.#facts, ['Role', 'Read', 'Lag', 'Position', 'View']),
      el('div', { class: 'charts' },
        el('figure', {}, this.reads.node, el('figcaption', {}, 'read latency from here')),
        el('figure', {}, this.lags.node, el('figcaption', {}, 'replication lag'))),
      el('details', {}, el('summary', {}, 'More'),
        list(this.#more, ['Home, as it sees it', 'Epoch', 'Heartbeat', 'Behind', 'Memory', 'Evictions', 'Commands, p99', 'Hits',
          'Ledger', 'Confirmed', 'Address'])));
  }

  render(seen, regions) {
    const region = this.#region;
    const { status, why } = judge(region, seen);
    setAttribute(this.node, 'data-status', status);
    setText(this.#status, `${MARKS[status] ?? '○'} ${status === 'lost' ? 'not reachable' : status}`);
    setText(this.#why, why);
    setAttribute(this.#retry, 'hidden', region.up !== false);
    setAttribute(this.#retry, 'aria-label', `Try ${region.name} again now`);
    const newest = Math.max(...regions.map((one) => one.position));
    const behind = region.position < newest ? `, ${newest - region.position} behind` : '';
    const role = region.up ? region.health?.role ?? seen?.role : seen?.role;
    this.#say(this.#facts, {
      Role: role === 'primary' ? 'home (primary)' : role ?? 'not known',
      Read: region.readMs === null ? '–'
        : `${duration(region.readMs)} from ${region.source || '?'}${region.staleS ? `, ${region.staleS} s stale` : ''}`,
      Lag: role === 'primary' ? 'none: it is the home' : duration(lagOf(seen, this.world)),
      Position: region.position === 0 && region.up === null ? '–' : `${region.position}${behind}`,
      View: seen === null ? 'none yet' : `${duration(seen.ageMs)} old`,
    });
    this.#say(this.#more, {
      'Home, as it sees it': seen?.home ?? '–',
      Epoch: text(seen?.epoch),
      Heartbeat: seen?.heartbeatAgeMs == null ? '–' : `${duration(seen.heartbeatAgeMs)} old, then`,
      Behind: seen?.behindEntries == null ? '–' : `${seen.behindEntries} entries, then`,
      Memory: seen?.memoryUsedPercent == null ? '–' : `${seen.memoryUsedPercent.toFixed(1)} %`,
      Evictions: seen?.evictionsPerSecond == null ? '–' : `${seen.evictionsPerSecond.toFixed(1)} a second`,
      'Commands, p99': duration(seen?.commandP99Ms),
      Hits: seen?.hitRatePercent == null ? '–' : `${seen.hitRatePercent.toFixed(1)} %`,
      Ledger: duration(seen?.ledgerMs),
      Confirmed: seen?.checkedAt == null ? '–' : `${duration(Math.max(0, Date.now() - Date.parse(seen.checkedAt)))} ago`,
      Address: region.url,
    });
  }

  #say(facts, texts) {
    for (const [name, said] of Object.entries(texts)) setText(facts.get(name), said);
  }
}

const text = (value) => (value === null || value === undefined ? '–' : String(value));

/** The worse of what this page sees and what the region says of itself. */
function judge(region, seen) {
  if (region.up === null) return { status: 'asking', why: '' };
  if (region.up === false) {
    const again = Math.max(0, Math.ceil((region.nextTryAt - Date.now()) / 1000));
    const others = seen ? ` The regions' view of it, ${duration(seen.ageMs)} old: ${seen.status}${because(seen.reasons)}.` : '';
    return {
      status: region.trouble.startsWith('answers') ? 'critical' : 'lost',
      why: `${region.trouble}; asked again in ${again} s.${others}`,
    };
  }
  const said = region.health ?? seen;
  return said ? { status: said.status, why: said.reasons.map(reason).join(', ') } : { status: 'asking', why: 'its health is not known' };
}

const reason = (name) => (Object.hasOwn(REASONS, name) ? REASONS[name] : String(name));
const because = (reasons) => (reasons.length === 0 ? '' : ` (${reasons.map(reason).join(', ')})`);
