// Who changed a flag, when, from what to what; and the way back.

import { read } from './api.js';
import { diff, shorten } from './diff.js';
import { el, moment, openDialog, setAttribute, setText } from './dom.js';
import { definition, pretty } from './json.js';

const PAGE = 10;

export class History {
  #app;

  constructor(app) {
    this.#app = app;
  }

  open(key) {
    new Pages(this.#app, key).open();
  }
}

class Pages {
  #app;
  #key;
  #list = el('ol', { class: 'history' });
  #said = el('p', { role: 'status' }, 'Reading the ledger …');
  #older = el('button', { type: 'button', hidden: true, onclick: () => this.#load() }, 'Older versions');
  #next = null;
  /** The newest version of all; null: not known yet. */
  #newest = null;

  constructor(app, key) {
    this.#app = app;
    this.#key = key;
  }

  open() {
    openDialog(`History of ${this.#key}`, el('div', {}, this.#said, this.#list, el('p', { class: 'actions' }, this.#older)), { wide: true });
    return this.#load();
  }

  async #load() {
    try {
      const before = this.#next === null ? '' : `&before=${this.#next}`;
      const { json } = await read(this.#app.order(), `/api/admin/flags/${encodeURIComponent(this.#key)}/history?limit=${PAGE}${before}`);
      this.#newest ??= json.versions[0] ?? null;
      this.#next = json.next ?? null;
      this.#list.append(...json.versions.map((version) => this.#item(version)));
      setAttribute(this.#older, 'hidden', this.#next === null);
      setText(this.#said, `${this.#list.children.length}${this.#next === null ? '' : ' newest'} version(s)`);
    } catch (e) {
      setText(this.#said, this.#app.explain(e));
    }
  }

  #item(version) {
    const current = version.version === this.#newest.version;
    const gone = version.after === null;
    return el('li', { 'data-version': version.version },
      el('p', {}, el('strong', {}, `Version ${version.version}`), ` ${version.kind} by `, el('bdi', {}, version.actor),
        `, ${moment(version.at)}, through ${version.requestRegion}`),
      difference(version.before, version.after),
      !current && !gone && !this.#app.readOnly && el('button', {
        type: 'button', 'aria-label': `Back to version ${version.version}`, onclick: () => this.#revert(version),
      }, 'Back to this version'));
  }

  async #revert(version) {
    const done = await this.#app.perform({
      key: this.#key,
      version: this.#newest.after === null ? null : this.#newest.version,
      method: 'POST',
      action: '/revert',
      body: () => ({ to: version.version }),
      mine: () => version.after,
    }, { failed: (e) => setText(this.#said, this.#app.explain(e)) });
    if (!done) return;
    this.#list.replaceChildren();
    this.#newest = null;
    this.#next = null;
    await this.#load();
    setText(this.#said, `Back to the content of version ${version.version}.`);
  }
}

/** Two states of a flag, line by line; null: there was none. */
export function difference(before, after) {
  const text = (flag) => (flag ? pretty(definition(flag)) : '');
  const lines = shorten(diff(text(before), text(after)));
  const names = { '+': 'added: ', '-': 'removed: ' };
  if (!lines.some((line) => line.mark === '+' || line.mark === '-')) return el('p', { class: 'hint' }, 'no difference');
  return el('pre', { class: 'diff', tabindex: 0, 'aria-label': 'What changed' }, lines.map(({ mark, text: line }) =>
    el('span', { class: { '+': 'added', '-': 'removed', '…': 'left-out' }[mark] ?? 'same' },
      names[mark] ? el('span', { class: 'unseen' }, names[mark]) : '',
      el('span', { 'aria-hidden': 'true' }, `${mark} `), `${line}\n`)));
}
