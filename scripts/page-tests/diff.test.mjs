// The difference of two texts, in the browser that it runs in.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { closeBrowser, launch, open } from './browser.mjs';

const CASES = [
  ['nothing', '', '', ''],
  ['the same', 'a\nb', 'a\nb', ' a, b'],
  ['a new text', '', 'a\nb', '+a,+b'],
  ['a text that is gone', 'a\nb', '', '-a,-b'],
  ['a line replaced', 'a\nb\nc', 'a\nx\nc', ' a,-b,+x, c'],
  ['a line put in', 'a\nc', 'a\nb\nc', ' a,+b, c'],
  ['a repeated line taken out', 'a\na\nb', 'a\nb', ' a,-a, b'],
  ['two places', 'a\nb\nc\nd\ne', 'b\nc\nx\ne', '-a, b, c,-d,+x, e'],
];

let tab;
before(async () => {
  await launch();
  tab = await open({ key: null });
}, { timeout: 60_000 });
after(async () => {
  await tab?.close();
  await closeBrowser();
});

for (const [name, from, to, expected] of CASES) {
  test(`the difference of ${name}`, async () => {
    const lines = await tab.page.evaluate(async ([a, b]) => {
      const { diff } = await import('/diff.js');
      return diff(a, b).map(({ mark, text }) => mark + text).join(',');
    }, [from, to]);
    assert.equal(lines, expected);
  });
}

test('long stretches without a difference are left out', async () => {
  const lines = await tab.page.evaluate(async () => {
    const { diff, shorten } = await import('/diff.js');
    const text = Array.from({ length: 40 }, (_, i) => `line ${i}`);
    return shorten(diff(text.join('\n'), text.with(20, 'other').join('\n'))).map(({ mark, text: line }) => mark + line);
  });
  assert.deepEqual(lines, ['…17 lines without a difference', ' line 17', ' line 18', ' line 19', '-line 20', '+other', ' line 21',
    ' line 22', ' line 23', '…16 lines without a difference']);
});

test('two texts with nothing in common and thousands of lines do not take long', async () => {
  const ms = await tab.page.evaluate(async () => {
    const { diff } = await import('/diff.js');
    const text = (word) => Array.from({ length: 30_000 }, (_, i) => word + i).join('\n');
    const begun = performance.now();
    diff(text('a'), text('b'));
    return performance.now() - begun;
  });
  assert.ok(ms < 3_000, `${ms} ms`);
});
