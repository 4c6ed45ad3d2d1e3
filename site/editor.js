// A flag's document, member by member, with what the API has against it shown where it is.

import { el, field, openDialog, setAttribute, setText } from './dom.js';
import { Problem } from './api.js';
import { parse, pretty } from './json.js';

const NEW = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off', targeting: {}, metadata: {} };

export class Editor {
  #app;

  constructor(app) {
    this.#app = app;
  }

  create() {
    new Form(this.#app, null).open();
  }

  edit(flag) {
    new Form(this.#app, flag).open();
  }
}

class Form {
  #app;
  #flag;
  #dialog;
  #key = el('input', { type: 'text', required: true, autocomplete: 'off', spellcheck: 'false', maxlength: 128 });
  #state = el('select', {}, el('option', {}, 'ENABLED'), el('option', {}, 'DISABLED'));
  #defaultVariant = el('input', { type: 'text', autocomplete: 'off', spellcheck: 'false' });
  #documents = {
    variants: area(6),
    targeting: area(6),
    metadata: area(3),
  };
  #errors = new Map();
  #general = el('p', { class: 'error', role: 'alert' });
  #save = el('button', { type: 'submit', class: 'main' });

  /** `flag`: null for a new one. */
  constructor(app, flag) {
    this.#app = app;
    this.#flag = flag;
  }

  open() {
    const { state, defaultVariant } = this.#flag ?? NEW;
    this.#state.value = state;
    this.#defaultVariant.value = defaultVariant ?? '';
    for (const [name, control] of Object.entries(this.#documents)) control.value = pretty((this.#flag ?? NEW)[name]);
    setText(this.#save, this.#flag ? 'Save' : 'Create');
    setAttribute(this.#save, 'disabled', this.#app.readOnly);
    const form = el('form', { novalidate: true, onsubmit: (event) => { event.preventDefault(); this.#submit(); } },
      this.#general,
      !this.#flag && this.#field('key', 'Key', this.#key, 'Letters, digits, dot, dash and underscore'),
      this.#field('state', 'State', this.#state),
      this.#field('variants', 'Variants (JSON: name to value)', this.#documents.variants),
      this.#field('defaultVariant', 'Default variant', this.#defaultVariant, 'Empty: the default in the caller’s code'),
      this.#field('targeting', 'Targeting (JSON: a flagd rule)', this.#documents.targeting),
      this.#field('metadata', 'Metadata (JSON)', this.#documents.metadata),
      el('p', { class: 'actions' }, this.#save,
        el('button', { type: 'button', onclick: () => this.#dialog.close() }, 'Cancel'),
        this.#flag && !this.#app.readOnly && el('span', { class: 'apart' },
          el('button', { type: 'button', onclick: () => this.#invalidate() }, 'Drop cached copies'),
          el('button', { type: 'button', class: 'danger', onclick: () => this.#delete() }, 'Delete …'))));
    this.#dialog = openDialog(this.#flag ? `Edit ${this.#flag.key}` : 'New flag', form, { wide: true });
    if (!this.#flag) this.#key.focus();
  }

  #field(name, label, control, hint) {
    const error = el('p', { class: 'error', id: `error-${name}` });
    const hints = hint ? el('p', { class: 'hint', id: `hint-${name}` }, hint) : null;
    control.setAttribute('aria-describedby', [hints?.id, error.id].filter(Boolean).join(' '));
    this.#errors.set(name, { control, error, messages: [] });
    return field(label, control, hints ?? '', error);
  }

  #clear() {
    setText(this.#general, '');
    for (const one of this.#errors.values()) {
      one.messages = [];
      setText(one.error, '');
      setAttribute(one.control, 'aria-invalid', false);
    }
  }

  /** Shows a violation at its member; `pointer` is a JSON Pointer, or the name of a parameter. */
  #violation(pointer, message) {
    const [, member, ...rest] = pointer.split('/');
    const one = this.#errors.get(pointer === 'flagKey' ? 'key' : member);
    if (!one) {
      setText(this.#general, `${this.#general.textContent} ${pointer} ${message}.`.trim());
      return;
    }
    one.messages.push(rest.length === 0 ? message : `${rest.map(unescaped).join(' → ')}: ${message}`);
    setText(one.error, one.messages.join('\n'));
    setAttribute(one.control, 'aria-invalid', 'true');
  }

  #read() {
    const definition = { state: this.#state.value };
    for (const [name, control] of Object.entries(this.#documents)) {
      try {
        definition[name] = parse(control.value.trim() || '{}');
      } catch (e) {
        this.#violation(`/${name}`, `is no JSON: ${e.message}`);
      }
    }
    definition.defaultVariant = this.#defaultVariant.value === '' ? null : this.#defaultVariant.value;
    return definition;
  }

  async #submit() {
    this.#clear();
    const key = this.#flag?.key ?? this.#key.value.trim();
    if (!/^[A-Za-z0-9._-]{1,128}$/.test(key)) {
      this.#violation('/key', `is ${JSON.stringify(key)}, but must have 1 to 128 letters, digits, dots, dashes and underscores`);
    }
    const definition = this.#read();
    if (this.#focusFirst()) return;
    await this.#perform({ key, version: this.#flag?.version ?? null, method: 'PUT', body: () => definition, mine: () => definition });
  }

  async #invalidate() {
    this.#clear();
    await this.#perform({ key: this.#flag.key, version: undefined, method: 'POST', action: '/invalidate', mine: (theirs) => theirs });
  }

  async #delete() {
    const confirmed = await confirm(`Delete ${this.#flag.key}?`, 'Readers get 404, and use the default in their code. The history stays, and can bring the flag back.', 'Delete');
    if (!confirmed) return;
    this.#clear();
    await this.#perform({ key: this.#flag.key, version: this.#flag.version, method: 'DELETE', mine: () => null });
  }

  async #perform(change) {
    this.#save.disabled = true;
    try {
      if (await this.#app.perform(change, { throwing: true })) this.#dialog.close();
    } catch (e) {
      if (e instanceof Problem && e.violations.length > 0) {
        e.violations.forEach(({ pointer, message }) => this.#violation(String(pointer), String(message)));
      } else {
        setText(this.#general, this.#app.explain(e));
      }
      this.#focusFirst();
    } finally {
      this.#save.disabled = this.#app.readOnly;
    }
  }

  #focusFirst() {
    const first = [...this.#errors.values()].find((one) => one.messages.length > 0);
    first?.control.focus();
    return first !== undefined;
  }
}

const area = (rows) => el('textarea', { rows, spellcheck: 'false', autocomplete: 'off', wrap: 'off' });
const unescaped = (segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~');

/** Asks; answers true when it is confirmed. */
export function confirm(title, text, action) {
  return new Promise((done) => {
    const dialog = openDialog(title, el('div', {}, el('p', {}, text), el('p', { class: 'actions' },
      el('button', { type: 'button', class: 'danger', onclick: () => { done(true); dialog.close(); } }, action),
      el('button', { type: 'button', onclick: () => dialog.close(), autofocus: true }, 'Cancel'))));
    dialog.addEventListener('close', () => done(false));
  });
}
