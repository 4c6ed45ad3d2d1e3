// Elements and texts. What comes from the API is hostile: it only ever goes in as text, never as markup.

/** Makes an element; `on…` properties are listeners, `true` is an empty attribute, strings among the children are text. */
export function el(name, properties = {}, ...children) {
  return fill(document.createElement(name), properties, children);
}

/** The same for SVG. */
export function svg(name, properties = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), properties, children);
}

function fill(node, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) {
      node.addEventListener(name.slice(2), value);
    } else {
      setAttribute(node, name, value);
    }
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const byId = (id) => document.getElementById(id);

/** Touches the page only when something changes: screen readers and the focus notice every touch. */
export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** `false`, null and undefined take the attribute away. */
export function setAttribute(node, name, value) {
  if (value === false || value === null || value === undefined) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
  } else {
    const text = value === true ? '' : String(value);
    if (node.getAttribute(name) !== text) node.setAttribute(name, text);
  }
}

/** Brings the children of a list into this order, moving only those that stand elsewhere. */
export function arrange(parent, nodes) {
  nodes.forEach((node, i) => {
    if (parent.children[i] !== node) {
      parent.insertBefore(node, parent.children[i] ?? null);
    }
  });
  while (parent.children.length > nodes.length) {
    parent.lastElementChild.remove();
  }
}

let ids = 0;

/** A label and its control. */
export function field(label, control, ...more) {
  control.id ||= `field-${++ids}`;
  return el('div', { class: 'field' }, el('label', { for: control.id }, label), control, ...more);
}

/** Shows a dialog and takes it away once it is closed; the focus then returns to where it was. */
export function openDialog(title, body, { wide = false } = {}) {
  const heading = el('h2', { id: `dialog-${++ids}` }, title);
  const close = el('button', { type: 'button', class: 'close', 'aria-label': 'Close', onclick: () => dialog.close() }, '×');
  const dialog = el('dialog', { 'aria-labelledby': heading.id, class: wide ? 'wide' : null },
    el('div', { class: 'dialog-head' }, heading, close), body);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Milliseconds for people. */
export function duration(ms) {
  if (ms === null || ms === undefined) return '–';
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}

/** A moment in the reader's own time zone. */
export function moment(iso) {
  const at = new Date(iso);
  return Number.isNaN(at.getTime()) ? String(iso) : at.toLocaleString();
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));
