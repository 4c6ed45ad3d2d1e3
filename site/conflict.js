// Somebody else was faster (412): both states side by side, and a decision.

import { el, openDialog } from './dom.js';
import { difference } from './history.js';

/**
 * Answers `mine` or `theirs`. `theirs`: the flag as it is now, null when it was deleted; `mine`: what it would be with the
 * change, null when the change deletes it; `by`: who made the last change.
 */
export function decide(key, theirs, mine, by) {
  return new Promise((done) => {
    let answer = 'theirs';
    const choose = (choice) => () => {
      answer = choice;
      dialog.close();
    };
    const now = theirs ? `version ${theirs.version} now` : 'deleted now';
    const dialog = openDialog(`${key} has changed meanwhile`, el('div', { class: 'conflict' },
      el('p', {}, 'Nothing of yours was saved. The flag is at ', el('strong', {}, now), ', by ', el('bdi', {}, by ?? 'somebody'), '.'),
      el('p', {}, 'What keeping yours would change about theirs:'),
      difference(theirs, mine),
      el('p', { class: 'actions' },
        el('button', { type: 'button', class: 'main', autofocus: true, onclick: choose('theirs') }, 'Take theirs'),
        el('button', { type: 'button', onclick: choose('mine') }, 'Keep mine'))), { wide: true });
    dialog.addEventListener('close', () => done(answer));
  });
}
