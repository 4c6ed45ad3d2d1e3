// The local world's own buttons: faults, promotion, healing. Only there: a deployed page has no world.

import { arrange, byId, duration, el, pause, setAttribute, setText } from './dom.js';

const POLL_MS = 1_000;
const LIMIT_MS = 5_000;

export class World {
  #config;
  #rows = new Map();
  #silent = el('input', { type: 'checkbox', id: 'silent' });
  /** What `GET /status` said last; null: it does not answer. */
  status = null;

  /** `config`: `{url, ledgerRegions}` of config.json, or null when this is no local world. */
  constructor(config) {
    this.#config = config;
  }

  async start() {
    if (!this.#config) return;
    while (true) {
      if (!document.hidden) {
        try {
          this.status = await this.#fetch('GET', '/status');
        } catch {
          this.status = null;
        }
        this.#render();
      }
      await pause(POLL_MS);
    }
  }

  /** What it says of one region, or null. */
  region(name) {
    return this.status?.regions.find((region) => region.name === name) ?? null;
  }

  async #fetch(method, path) {
    const response = await fetch(this.#config.url + path, { method, cache: 'no-store', signal: AbortSignal.timeout(LIMIT_MS) });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.detail ?? `HTTP ${response.status}`);
    return answer;
  }

  async #do(method, path, done) {
    try {
      await this.#fetch(method, path);
      setText(byId('world-said'), done);
    } catch (e) {
      setText(byId('world-said'), `Did not work: ${e.message}`);
    }
  }

  #render() {
    const status = this.status;
    if (!status) {
      if (this.#rows.size > 0) setText(byId('world-facts'), 'The local world does not answer.');
      return;
    }
    if (this.#rows.size === 0) this.#build(status);
    setText(byId('world-facts'),
      `Home ${status.primary}, epoch ${status.epoch ?? 'not known'}, the DNS record names ${status.cname ?? 'nothing'}.`);
    for (const region of status.regions) this.#rows.get(region.name)?.(region);
  }

  #build(status) {
    byId('world-section').hidden = false;
    arrange(byId('world'), [
      el('div', { class: 'world' }, status.regions.map((region) => this.#regionRow(region.name))),
      el('div', { class: 'tools', role: 'group', 'aria-label': 'Everything' },
        this.#button('Heal everything', '', 'DELETE', '/faults', 'All faults are healed'),
        ...(this.#config.ledgerRegions ?? []).flatMap((region) => [
          this.#button(`Stop ledger ${region}`, '', 'POST', `/regions/${region}/ledger/stop`, `The ledger's region ${region} refuses`),
          this.#button(`Start ledger ${region}`, '', 'POST', `/regions/${region}/ledger/start`, `The ledger's region ${region} answers`),
        ]),
        this.#button('DNS refuses', '', 'POST', '/dns/refuse', 'Route 53 refuses changes'),
        this.#button('DNS allows', '', 'POST', '/dns/allow', 'Route 53 takes changes'),
        el('span', {}, this.#silent, ' ', el('label', { for: 'silent' }, 'promote without the event'))),
    ]);
  }

  #regionRow(name) {
    const facts = el('span', { class: 'facts' });
    const lag = el('input', { type: 'number', min: 0, max: 60000, step: 100, value: 3000, 'aria-label': `Lag into ${name} in milliseconds` });
    const at = `/regions/${name}`;
    const button = (text, path, done) => this.#button(text, name, 'POST', at + path, `${name}: ${done}`);
    const stop = button('Stop cache', '/cache/stop', 'its cache is stopped');
    const start = button('Start cache', '/cache/start', 'its cache is started');
    const isolate = button('Isolate', '/isolate', 'cut off from all others');
    const heal = button('Heal', '/heal', 'connected again');
    const promote = this.#button('Promote', name, 'POST', () => `/promote/${name}${this.#silent.checked ? '?silent=true' : ''}`, `${name}: promoted`);
    const setLag = this.#button('Set lag', name, 'POST', () => `${at}/lag?ms=${encodeURIComponent(lag.value)}`, `${name}: replication lags`);
    this.#rows.set(name, (region) => {
      setText(facts, [
        region.cacheUp ? region.role : 'cache down',
        region.isolated ? 'isolated' : null,
        `position ${region.position ?? '–'}`,
        region.replicationLagMs === null ? null : `lag ${duration(region.replicationLagMs)}`,
      ].filter((fact) => fact !== null).join(', '));
      setAttribute(promote, 'disabled', region.role === 'primary' && region.name === this.status.primary);
    });
    return el('div', { 'data-region': name, role: 'group', 'aria-label': name },
      el('strong', {}, name), ' ', facts,
      el('div', { class: 'tools' }, promote, stop, start, button('Stall cache', '/cache/stall', 'its cache hangs'),
        button('Flush cache', '/cache/flush', 'its cache is emptied'), isolate, heal, el('span', { class: 'lag' }, lag, setLag)));
  }

  #button(text, region, method, path, done) {
    return el('button', {
      type: 'button',
      'aria-label': region ? `${text}: ${region}` : null,
      onclick: () => this.#do(method, typeof path === 'function' ? path() : path, done),
    }, text);
  }
}
