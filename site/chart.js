// A small live chart: the last minutes of one number, as a line.

import { duration, setAttribute, setText, svg } from './dom.js';

const POINTS = 90;
const WIDTH = 180;
const HEIGHT = 36;

/** `name` is what it shows, for people who hear it instead. */
export class Chart {
  #values = [];
  #name;
  #line = svg('polyline', { class: 'line' });
  #title = svg('title');

  constructor(name) {
    this.#name = name;
    this.node = svg('svg', { class: 'chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img' },
      this.#title, svg('path', { class: 'axis', d: `M0 ${HEIGHT - 0.5}H${WIDTH}` }), this.#line);
    this.#draw();
  }

  /** Null: there is none at this moment, which breaks nothing. */
  add(ms) {
    this.#values.push(ms);
    if (this.#values.length > POINTS) this.#values.shift();
    this.#draw();
  }

  #draw() {
    const known = this.#values.filter((value) => value !== null);
    const most = Math.max(10, ...known);
    const points = this.#values
      .map((value, i) => (value === null
        ? null
        : `${((i + POINTS - this.#values.length) / (POINTS - 1) * WIDTH).toFixed(1)},${(HEIGHT - 2 - value / most * (HEIGHT - 4)).toFixed(1)}`))
      .filter((point) => point !== null);
    setAttribute(this.#line, 'points', points.join(' '));
    setText(this.#title, known.length === 0
      ? `${this.#name}: nothing measured yet`
      : `${this.#name}: ${duration(known.at(-1))} now, ${duration(Math.max(...known))} at most`);
  }
}
