// What became of the last changes: where each is visible, and after how long.

import { call } from './api.js';
import { byId, duration, el, pause, setText } from './dom.js';

const SHOWN_MAX = 5;
const FOLLOWED_MS_MAX = 10 * 60_000;
const READ_LIMIT_MS = 3_000;

export class Changes {
  #regions;

  constructor(regions) {
    this.#regions = regions;
  }

  /**
   * Follows a change until every region shows it. `answer`: what the write was answered with; `sentAt`: when it was sent, by
   * `performance.now()`, from which the times count.
   */
  follow(key, answer, sentAt) {
    const { message, propagation } = answer.json;
    const delayed = propagation.status === 'delayed';
    const title = el('strong');
    const rows = this.#regions.map((region) => ({ region, ms: null, text: el('span', { class: 'when' }, 'waiting …') }));
    const item = el('li', { 'data-change': key, 'data-state': propagation.status },
      el('p', {}, title, ' ', el('bdi', { class: 'key' }, key), ` – ${message}. Accepted in ${answer.region.name} after ${duration(answer.ms)}.`),
      delayed && el('p', { class: 'delayed' }, 'Delayed: the change is kept, but no cache takes writes at the moment. It will be visible everywhere once one does.'),
      el('ul', { class: 'arrivals' }, rows.map((row) => el('li', { 'data-region': row.region.name }, `${row.region.name}: `, row.text))));
    byId('changes-section').hidden = false;
    byId('changes').prepend(item);
    while (byId('changes').children.length > SHOWN_MAX) byId('changes').lastElementChild.remove();
    setText(title, delayed ? 'Delayed …' : 'Propagating …');
    setText(byId('said'), `${message} (${key})`);

    const all = rows.map((row) => arrival(row, key, answer, sentAt, () => item.isConnected));
    Promise.all(all).then(() => {
      const times = rows.map((row) => row.ms);
      const everywhere = !times.includes(null);
      item.dataset.state = everywhere ? 'visible' : 'unfinished';
      setText(title, everywhere ? `Visible in all ${rows.length} regions after ${duration(Math.max(...times))}:` : 'Not seen everywhere:');
      if (everywhere && item.isConnected) setText(byId('said'), `${key}: visible in all ${rows.length} regions after ${duration(Math.max(...times))}`);
    });
  }
}

/** Reads without a position, as an application does, until the answer reflects the change. */
async function arrival(row, key, answer, sentAt, wanted) {
  const path = `/api/config/flags/${encodeURIComponent(key)}`;
  while (wanted() && performance.now() - sentAt < FOLLOWED_MS_MAX) {
    const begun = performance.now();
    try {
      const seen = await call(row.region, 'GET', path, { takes: [404], limitMs: READ_LIMIT_MS });
      if (seen.position >= answer.position) {
        row.ms = performance.now() - sentAt;
        setText(row.text, `visible after ${duration(row.ms)}`);
        row.text.classList.add('seen');
        return;
      }
      setText(row.text, 'waiting …');
    } catch {
      setText(row.text, 'not reachable; trying again …');
    }
    const since = begun - sentAt;
    await pause(since < 3_000 ? 60 : since < 30_000 ? 500 : 2_000);
  }
  setText(row.text, 'not seen; no longer watched');
}
