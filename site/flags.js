// The list of flags: paged, filtered, with the two changes that are made most right in the row.

import { read } from './api.js';
import { arrange, byId, el, moment, setAttribute, setText } from './dom.js';

const PAGE = 500;
const SHOWN = 50;
const REFRESH_MS = 500;
/** A list that somebody has loaded further than this is not loaded again by itself at each change. */
const LOADED_AGAIN_MAX = 2_000;

export class Flags {
  #app;
  #rows = new Map();
  #flags = [];
  /** The key after which more can be loaded; null: that was all. */
  #next = null;
  #shown = SHOWN;
  /** Of the list as it is here. */
  position = 0;
  #refreshing = null;
  #again = false;

  constructor(app) {
    this.#app = app;
    byId('filter').addEventListener('input', () => {
      this.#shown = SHOWN;
      this.#enough();
    });
    byId('more').addEventListener('click', () => {
      this.#shown += SHOWN;
      this.#enough();
    });
    byId('create').addEventListener('click', () => app.editor.create());
    byId('past').addEventListener('click', () => app.history.open(byId('filter').value.trim()));
  }

  /** Any flag that there is, for whoever wants to read one. */
  get someKey() {
    return this.#flags[0]?.key ?? 'any';
  }

  /** Loads again what is loaded: somebody changed something. Several calls in a short time are one. */
  refresh() {
    this.#again = true;
    this.#refreshing ??= this.#refreshUntilDone().finally(() => { this.#refreshing = null; });
    return this.#refreshing;
  }

  /** A region shows a newer position than this list. */
  seen(position) {
    if (position > this.position && this.#flags.length <= LOADED_AGAIN_MAX && !this.#refreshing) {
      this.#refreshing = new Promise((done) => setTimeout(done, REFRESH_MS))
        .then(() => this.#refreshUntilDone())
        .finally(() => { this.#refreshing = null; });
      this.#again = true;
    }
  }

  /** Puts one changed flag in at once; `flag`: null or a tombstone when it is gone. */
  put(key, flag) {
    const known = this.#flags.find((one) => one.key === key);
    if (known && flag && known.version > flag.version) return;
    this.#flags = this.#flags.filter((one) => one.key !== key);
    const loaded = this.#next === null || key <= this.#next;
    if (flag && !flag.deleted && loaded) {
      this.#flags.push(flag);
      this.#flags.sort((a, b) => (a.key < b.key ? -1 : 1));
    }
    this.render();
  }

  async #refreshUntilDone() {
    while (this.#again) {
      this.#again = false;
      const count = Math.max(PAGE, this.#flags.length);
      const flags = [];
      let next = null;
      let position = Infinity;
      try {
        do {
          const page = await this.#page(next, Math.min(PAGE, count));
          flags.push(...page.json.flags);
          next = page.json.next ?? null;
          position = Math.min(position, page.position);
        } while (next !== null && flags.length < count);
      } catch (e) {
        this.#app.failed('The list of flags cannot be read', e);
        return;
      }
      if (position < this.position) continue;
      this.#flags = flags;
      this.#next = next;
      this.position = position;
      this.#app.works('list');
      await this.#enough();
    }
  }

  async #page(after, limit) {
    const path = `/api/config/flags?limit=${limit}${after === null ? '' : `&after=${encodeURIComponent(after)}`}`;
    return read(this.#app.order(), path, { headers: this.#app.token() });
  }

  #matching() {
    const wanted = byId('filter').value.trim().toLowerCase();
    if (wanted === '') return this.#flags;
    return this.#flags.filter((flag) => [flag.key, flag.updatedBy, flag.state, flag.defaultVariant, ...Object.keys(flag.variants),
      ...Object.entries(flag.metadata).flat()].some((text) => String(text).toLowerCase().includes(wanted)));
  }

  /** Loads on until there is enough to be shown. */
  async #enough() {
    this.render();
    const filter = byId('filter').value;
    while (this.#next !== null && this.#matching().length < this.#shown && filter === byId('filter').value) {
      try {
        const page = await this.#page(this.#next, PAGE);
        this.#flags = [...this.#flags, ...page.json.flags];
        this.#next = page.json.next ?? null;
        this.position = Math.min(this.position, page.position);
      } catch (e) {
        this.#app.failed('The list of flags cannot be read', e);
        return;
      }
      this.render();
    }
  }

  render() {
    const matching = this.#matching();
    const shown = matching.slice(0, this.#shown);
    for (const key of this.#rows.keys()) {
      if (!shown.some((flag) => flag.key === key)) this.#rows.delete(key);
    }
    arrange(byId('list'), shown.map((flag) => {
      if (!this.#rows.has(flag.key)) this.#rows.set(flag.key, new Row(this.#app, flag));
      return this.#rows.get(flag.key).render(flag);
    }));
    const wanted = byId('filter').value.trim();
    const all = `${this.#flags.length}${this.#next === null ? '' : ' or more'}`;
    setText(byId('count'), matching.length === 0
      ? (this.position === 0 ? '' : wanted ? `None of ${all} flags matches.` : 'There is no flag yet.')
      : `${shown.length} of ${wanted ? `${matching.length} matching, ` : ''}${all} flags`);
    byId('more').hidden = shown.length === matching.length && this.#next === null;
    // a deleted flag is in no list, but has a history from which it can be brought back
    const past = /^[A-Za-z0-9._-]{1,128}$/.test(wanted) && !this.#flags.some((flag) => flag.key === wanted);
    byId('past').hidden = !past;
    if (past) setText(byId('past'), `History of ${wanted} (it may have been deleted)`);
  }
}

class Row {
  #app;
  #flag;
  #key = el('bdi', { class: 'key' });
  #switch = el('button', { type: 'button', role: 'switch', class: 'switch', onclick: () => this.#toggle() });
  #variant = el('select', { onchange: () => this.#choose() });
  #variants = '';
  #meta = el('span', { class: 'meta' });

  constructor(app, flag) {
    this.#app = app;
    const button = (text, action) => el('button', { type: 'button', 'aria-label': `${text} ${flag.key}`, onclick: action }, text);
    this.node = el('li', { class: 'flag', 'data-key': flag.key },
      el('div', { class: 'name' }, this.#key, this.#meta),
      this.#switch,
      el('label', { class: 'variant' }, el('span', { class: 'hint' }, 'default '), this.#variant),
      el('div', { class: 'tools' },
        button('Edit', () => app.editor.edit(this.#flag)),
        button('History', () => app.history.open(flag.key))));
    this.#variant.setAttribute('aria-label', `Default variant of ${flag.key}`);
    this.#switch.setAttribute('aria-label', `${flag.key} enabled`);
  }

  render(flag) {
    this.#flag = flag;
    setText(this.#key, flag.key);
    const on = flag.state === 'ENABLED';
    setAttribute(this.#switch, 'aria-checked', String(on));
    setText(this.#switch, on ? 'ENABLED' : 'DISABLED');
    const names = Object.keys(flag.variants);
    if (this.#variants !== JSON.stringify(names)) {
      this.#variants = JSON.stringify(names);
      this.#variant.replaceChildren(el('option', { value: '' }, '(the code’s own)'),
        ...names.map((name) => el('option', { value: `=${name}` }, name)));
    }
    this.#variant.value = flag.defaultVariant === null ? '' : `=${flag.defaultVariant}`;
    setText(this.#meta, `version ${flag.version}, ${moment(flag.updatedAt)}, ${flag.updatedBy}`);
    setAttribute(this.#switch, 'disabled', this.#app.readOnly);
    setAttribute(this.#variant, 'disabled', this.#app.readOnly);
    return this.node;
  }

  #toggle() {
    this.#patch({ state: this.#flag.state === 'ENABLED' ? 'DISABLED' : 'ENABLED' });
  }

  #choose() {
    const { value } = this.#variant;
    this.#patch({ defaultVariant: value === '' ? null : value.slice(1) });
  }

  async #patch(patch) {
    const flag = this.#flag;
    await this.#app.perform({
      key: flag.key,
      version: flag.version,
      method: 'PATCH',
      body: () => patch,
      mine: (theirs) => theirs && { ...theirs, ...patch },
    });
    this.render(this.#flag);
  }
}
