// The page: who is asked, with which key, and what becomes of a change. The parts are in modules of their own.

import { change, passing, Problem, read } from './api.js';
import { Changes } from './changes.js';
import { keys, loadConfig } from './config.js';
import { decide } from './conflict.js';
import { arrange, byId, el, setText } from './dom.js';
import { Editor } from './editor.js';
import { Flags } from './flags.js';
import { History } from './history.js';
import { Regions } from './regions.js';
import { Region, Watch } from './watch.js';
import { World } from './world.js';

/** No flag need be called so: only the status of the answer is looked at. */
const PROBE = 'burgee-page-probe';

class App {
  readOnly = false;
  /** The newest position of a change made here; reads show it, so that nobody misses an own change. */
  #position = 0;
  #auto = null;
  #alerts = new Map();

  constructor(config) {
    this.config = config;
    this.regions = config.regions.map(({ name, url }) => new Region(name, url));
    this.world = new World(config.world);
    this.watch = new Watch(this.regions, {
      pollMs: config.pollMs,
      probeKey: () => this.flags.someKey,
      seen: (region) => this.#seen(region),
      denied: (problem) => this.#signIn(`${problem.message}.`),
    });
    this.cards = new Regions(this.watch);
    this.changes = new Changes(this.regions);
    this.flags = new Flags(this);
    this.editor = new Editor(this);
    this.history = new History(this);
    this.#through = byId('through');
    this.#through.append(el('option', { value: '' }, 'the nearest region'),
      ...this.regions.map((region) => el('option', { value: region.name }, region.name)));
    this.#through.addEventListener('change', () => this.#choose());
    byId('key-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#use(byId('key').value.trim(), byId('token').value.trim());
    });
    byId('forget').addEventListener('click', () => this.#signIn(''));
    byId('token-field').hidden = !config.tokens;
    arrange(byId('local-keys'), (config.world?.keys ?? []).map((key) =>
      el('button', { type: 'button', onclick: () => this.#use(key, '') }, `Use ${key}`)));
  }

  #through;

  start() {
    this.world.start();
    if (keys.key) this.#use(keys.key, keys.token);
    else this.#signIn('');
  }

  /** The regions in the order in which they should be asked: the chosen or the nearest one first, lost ones last. */
  order() {
    const chosen = this.regions.find((region) => region.name === this.#through.value);
    const best = [...this.regions].sort((a, b) => rank(a) - rank(b));
    if (this.#auto === null || this.#auto.up === false || this.#auto.up === null) this.#auto = best[0];
    const first = chosen && chosen.up !== false ? chosen : this.#auto;
    return [first, ...best.filter((region) => region !== first)];
  }

  /** A header that asks for a state with all changes made here. */
  token() {
    return this.#position > 0 ? { 'Burgee-Position': String(this.#position) } : {};
  }

  /** What went wrong, for people. */
  explain(e) {
    if (e instanceof Problem) {
      const more = e.violations.map(({ pointer, message }) => ` ${pointer} ${message}.`).join('');
      return `${e.region.name} answers ${e.status}: ${e.message}.${more}`;
    }
    return e.region ? `${e.region.name}: ${e.message}` : String(e.message);
  }

  /** Says what does not work, until it works again. */
  failed(what, e) {
    if (e instanceof Problem && e.status === 401) {
      this.#signIn(`${e.message}.`);
      return;
    }
    this.#alert('list', `${what}: ${this.explain(e)}`);
    setTimeout(() => this.flags.refresh(), 3_000);
  }

  works(what) {
    this.#alert(what, '');
  }

  /**
   * Makes a change and follows it; answers whether it was made. `change`: `{key, version, method, action, body(), mine(theirs)}`.
   * `version`: the one that was decided on; null: there must be no such flag; undefined: whatever it is.
   */
  async perform(wanted, { throwing = false, failed = (e) => this.#alert('change', `${wanted.key}: ${this.explain(e)}`) } = {}) {
    this.#alert('change', '');
    const path = `/api/admin/flags/${encodeURIComponent(wanted.key)}`;
    let { version } = wanted;
    try {
      while (true) {
        const sentAt = performance.now();
        const headers = version === undefined ? {} : version === null ? { 'If-None-Match': '*' } : { 'If-Match': `"${version}"` };
        const body = wanted.body && JSON.stringify(wanted.body());
        try {
          const answer = await change(this.order(), wanted.method, path + (wanted.action ?? ''), { body, headers });
          this.#made(wanted.key, answer, sentAt);
          return true;
        } catch (e) {
          if (!(e instanceof Problem && e.status === 412)) throw e;
        }
        // the ledger's word: a replica might still show what this page knows already
        const { json } = await read(this.order(), `${path}/history?limit=1`);
        const theirs = json.versions[0]?.after ?? null;
        this.flags.put(wanted.key, theirs);
        if (await decide(wanted.key, theirs, wanted.mine(theirs), json.versions[0]?.actor) === 'theirs') return true;
        version = theirs?.version ?? null;
      }
    } catch (e) {
      if (e instanceof Problem && e.status === 401) this.#signIn(`${e.message}.`);
      else if (throwing) throw e;
      else failed(e);
      return false;
    }
  }

  #made(key, answer, sentAt) {
    this.#position = Math.max(this.#position, answer.position);
    this.flags.put(key, answer.json.flag);
    this.changes.follow(key, answer, sentAt);
  }

  #seen(region) {
    this.cards.measured(region, this.world.region(region.name));
    this.flags.seen(region.position);
    const lost = this.regions.filter((one) => one.up === false);
    const chosen = this.#through.value;
    this.#alert('regions', lost.length === this.regions.length
      ? 'No region answers. What is shown is the last that was known; it is tried again all the time.'
      : lost.some((one) => one.name === chosen) ? `${chosen} does not answer: working through ${this.order()[0].name} meanwhile.` : '');
  }

  #choose() {
    this.#auto = null;
    this.flags.refresh();
  }

  /** Tries a key: the first region that answers says whether it is one, and what it may. */
  async #use(key, token) {
    if (!/^[\x21-\x7e]+$/.test(key)) {
      setText(byId('key-error'), 'A key has visible ASCII characters only, and no blanks.');
      return;
    }
    keys.keep(key, token);
    setText(byId('key-error'), '');
    let scope = 'admin';
    try {
      scope = await this.#scope();
    } catch (e) {
      if (!passing(e)) {
        this.#signIn(e instanceof Problem && e.status === 401 ? 'No region knows this key.' : this.explain(e));
        return;
      }
      // nobody can say at the moment: the page shows who is lost, and the API judges each change anyway
    }
    this.readOnly = scope === 'read';
    byId('scope').hidden = !this.readOnly;
    setText(byId('scope'), 'this key may read only');
    byId('create').disabled = this.readOnly;
    byId('key').value = '';
    byId('token').value = '';
    this.#show(true);
    this.flags.refresh();
    this.watch.start();
  }

  async #scope() {
    try {
      await read(this.order(), `/api/admin/flags/${PROBE}/history?limit=1`);
    } catch (e) {
      if (e instanceof Problem && e.status === 404) return 'admin';
      if (e instanceof Problem && e.status === 403) return 'read';
      throw e;
    }
    return 'admin';
  }

  #signIn(message) {
    this.watch.stop();
    keys.forget();
    document.querySelectorAll('dialog').forEach((dialog) => dialog.close());
    setText(byId('key-error'), message);
    this.#show(false);
    byId('key').focus();
  }

  #show(signedIn) {
    byId('sign-in').hidden = signedIn;
    byId('bar').hidden = !signedIn;
    byId('content').hidden = !signedIn;
  }

  /** One message for each thing that can be wrong; an empty text takes it away. */
  #alert(what, text) {
    if (text === '') {
      this.#alerts.get(what)?.remove();
      this.#alerts.delete(what);
      return;
    }
    if (!this.#alerts.has(what)) {
      const words = el('span');
      const node = el('p', { class: 'notice error', 'data-about': what }, words, ' ',
        el('button', { type: 'button', class: 'close', 'aria-label': 'Dismiss', onclick: () => this.#alert(what, '') }, '×'));
      node.words = words;
      this.#alerts.set(what, node);
      byId('alerts').append(node);
    }
    setText(this.#alerts.get(what).words, text);
  }
}

/** Answering regions before unknown before lost ones; among the answering the fastest. */
function rank(region) {
  return region.up === false ? 2e9 : region.up === null ? 1e9 : region.readMs ?? 1e8;
}

try {
  new App(await loadConfig()).start();
} catch (e) {
  byId('alerts').append(el('p', { class: 'notice error' }, e.message));
}
