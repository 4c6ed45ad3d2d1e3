// The page as people use it. One world, one browser; each test has a tab of its own and leaves a healed world behind.

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { api, closeBrowser, CONTROL, launch, makeFlag, newest, open, regionNames, regionUrl, until, world } from './browser.mjs';

const HOME = 'us-east-1';
const NEAR = 'eu-west-1';
const FAR = 'ap-southeast-1';

let tab;

before(launch, { timeout: 60_000 });
after(closeBrowser);
afterEach(async () => {
  try {
    await tab?.close();
  } finally {
    tab = undefined;
  }
});

const opened = async (options) => (tab = await open(options));
const it = (name, body) => test(name, { timeout: 90_000 }, body);

it('a toggle in one region is seen to arrive in every other, with the time each took', async () => {
  await makeFlag('toggle-me');
  const { page, row, change, filter, through } = await opened();
  await through(NEAR);
  await filter('toggle-me');
  await row('toggle-me').getByRole('switch').click();

  const arrived = change('toggle-me', 'visible');
  await arrived.waitFor();
  const text = await arrived.innerText();
  assert.match(text, /Visible in all 3 regions after/);
  assert.match(text, /Flag updated, changes propagating globally\. Accepted in eu-west-1/);
  for (const region of regionNames()) assert.match(text, new RegExp(`${region}: visible after [0-9.]+ m?s`));
  assert.equal(await row('toggle-me').getByRole('switch').getAttribute('aria-checked'), 'false');
  assert.match(await page.locator('#said').innerText(), /toggle-me: visible in all 3 regions/);
  assert.equal((await api(FAR, 'GET', '/api/config/flags/toggle-me')).json.state, 'DISABLED');
});

it('the default variant is changed in the row, and what others change appears by itself', async () => {
  await makeFlag('choose-me');
  const { row, change, filter } = await opened();
  await filter('choose-me');
  await row('choose-me').getByRole('combobox').selectOption({ label: 'off' });
  await change('choose-me', 'visible').waitFor();
  assert.equal((await newest('choose-me')).defaultVariant, 'off');

  await api(FAR, 'PATCH', '/api/admin/flags/choose-me', { defaultVariant: 'on', state: 'DISABLED' });
  await row('choose-me').getByText('DISABLED').waitFor();
  assert.equal(await row('choose-me').getByRole('combobox').inputValue(), '=on');
});

it('a change needs no mouse, and the focus is seen and stays', async () => {
  await makeFlag('by-keyboard');
  const { page, change } = await opened();
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.id ?? '');
  const tabTo = async (name) => {
    for (let i = 0; i < 40 && await focused() !== name; i++) await page.keyboard.press('Tab');
    assert.equal(await focused(), name);
  };
  await page.keyboard.press('Tab');
  await tabTo('filter');
  await page.keyboard.type('by-keyboard');
  await page.locator('#list > li:only-child').waitFor();
  await tabTo('by-keyboard enabled');
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), 'none');
  await page.keyboard.press('Space');
  await change('by-keyboard', 'visible').waitFor();
  assert.equal(await focused(), 'by-keyboard enabled');

  await tabTo('History by-keyboard');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText('version(s)').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal(await focused(), 'History by-keyboard');
});

it('a flag is made, its faults are shown where they are, it is edited, deleted, and brought back', async () => {
  // a world that is tested twice has had one
  const key = `made-here-${Date.now()}`;
  const { page, row, change, filter } = await opened();
  await page.getByRole('button', { name: 'New flag' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Key').fill('made here');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.getByText('must have 1 to 128 letters').waitFor();

  await dialog.getByLabel('Key').fill(key);
  await dialog.getByLabel('Variants').fill('{"low": 1, "high": "much"}');
  await dialog.getByLabel('Default variant').fill('none');
  await dialog.getByLabel('Metadata').fill('{"owner": {}}');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.locator('#error-variants').getByText('high: is a string').waitFor();
  assert.match(await dialog.locator('#error-defaultVariant').innerText(), /none/);
  assert.match(await dialog.locator('#error-metadata').innerText(), /owner/);
  assert.equal(await dialog.getByLabel('Variants').getAttribute('aria-invalid'), 'true');

  await dialog.getByLabel('Variants').fill('{"low": 1, "high": 12345678901234567890, "half": 1.0');
  await dialog.getByLabel('Default variant').fill('low');
  await dialog.getByLabel('Metadata').fill('{"owner": "payments"}');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.locator('#error-variants').getByText('is no JSON').waitFor();
  await dialog.getByLabel('Variants').fill('{"low": 1, "high": 12345678901234567890, "half": 1.0}');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await dialog.waitFor({ state: 'detached' });
  await change(key, 'visible').waitFor();

  await filter(key);
  await row(key).getByRole('button', { name: 'Edit' }).click();
  await dialog.getByLabel('Metadata').fill('{"owner": "search"}');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  const { text } = await api(HOME, 'GET', `/api/admin/flags/${key}/history?limit=1`);
  assert.match(text.slice(text.indexOf('"after"')), /"high":12345678901234567890,"half":1\.0/, 'no number is rounded');
  assert.match(text.slice(text.indexOf('"after"')), /"owner":"search"/);

  await row(key).getByRole('button', { name: 'Edit' }).click();
  await dialog.getByRole('button', { name: 'Delete …' }).click();
  await page.getByRole('dialog', { name: `Delete ${key}?` }).getByRole('button', { name: 'Delete', exact: true }).click();
  await row(key).waitFor({ state: 'detached' });
  await page.locator('#changes > li').first().getByText('Flag deleted').waitFor();
  await page.locator('#changes > li[data-state=visible]').first().getByText('Flag deleted').waitFor();
  assert.equal((await api(FAR, 'GET', `/api/config/flags/${key}`)).status, 404);

  await page.getByRole('button', { name: `History of ${key}` }).click();
  await dialog.getByRole('button', { name: 'Back to version' }).first().click();
  await dialog.getByText('Back to the content of version').waitFor();
  await page.keyboard.press('Escape');
  await row(key).waitFor();
});

it('history shows what changed, and leads back', async () => {
  const first = await makeFlag('with-a-past');
  await api(NEAR, 'PATCH', '/api/admin/flags/with-a-past', { defaultVariant: 'off', metadata: { owner: 'alice' } });
  const { page, row, change, filter } = await opened();
  await filter('with-a-past');
  await row('with-a-past').getByRole('button', { name: 'History' }).click();
  const dialog = page.getByRole('dialog');
  const newestItem = dialog.locator('.history > li').first();
  await newestItem.locator('.removed', { hasText: '"defaultVariant": "on"' }).waitFor();
  await newestItem.locator('.added', { hasText: '"defaultVariant": "off"' }).waitFor();
  await newestItem.locator('.added', { hasText: 'alice' }).waitFor();
  await newestItem.getByText('dev-admin').waitFor();

  await dialog.getByRole('button', { name: `Back to version ${first.version}` }).click();
  await dialog.getByText('3 version(s)').or(dialog.getByText('Back to the content')).first().waitFor();
  await until('the old content is back', async () => (await newest('with-a-past')).defaultVariant === 'on');
  await page.keyboard.press('Escape');
  await change('with-a-past', 'visible').waitFor();
});

it('who was slower is shown what the other did, and decides', async () => {
  await makeFlag('contested');
  const { page, row, filter } = await opened();
  const edit = async (owner) => {
    await row('contested').getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('dialog').getByLabel('Metadata').fill(JSON.stringify({ owner }));
    await api(FAR, 'PATCH', '/api/admin/flags/contested', { defaultVariant: 'off', metadata: { owner: `before ${owner}` } });
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    const conflict = page.getByRole('dialog', { name: 'contested has changed meanwhile' });
    await conflict.locator('.removed', { hasText: `before ${owner}` }).waitFor();
    return conflict;
  };
  await filter('contested');
  await (await edit('first')).getByRole('button', { name: 'Take theirs' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.equal((await newest('contested')).metadata.owner, 'before first');

  await (await edit('second')).getByRole('button', { name: 'Keep mine' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.deepEqual((await newest('contested')).metadata, { owner: 'second' });
});

it('what a flag holds is shown as text and nothing else, however hostile', async () => {
  const markup = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>';
  await makeFlag('hostile', {
    state: 'ENABLED',
    variants: { [markup]: '"><svg onload=window.hit=1>', __proto__: undefined, 'javascript:window.hit=1': '\u202Etxt' },
    defaultVariant: markup,
    targeting: { if: [markup, '{{7*7}}', '${window.hit=1}'] },
    metadata: { [markup]: markup, constructor: 'x' },
  });
  const { page, row, filter } = await opened();
  await filter('hostile');
  assert.equal(await row('hostile').locator('option').nth(1).innerText(), markup);
  await row('hostile').getByRole('button', { name: 'Edit' }).click();
  assert.equal(await page.getByRole('dialog').getByLabel('Default variant').inputValue(), markup);
  await page.keyboard.press('Escape');
  await row('hostile').getByRole('button', { name: 'History' }).click();
  await page.getByRole('dialog').locator('.added', { hasText: 'onerror' }).first().waitFor();
  await filter(markup);
  assert.equal(await page.evaluate(() => window.hit), undefined);
  assert.equal(await page.locator('img, main script, #list svg').count(), 0);
  // and were there a way in, the browser would keep it shut
  assert.match(await page.evaluate(() => {
    try {
      document.body.insertAdjacentHTML('beforeend', '<b>x</b>');
      return 'inserted';
    } catch (e) {
      return e.name;
    }
  }), /TypeError/);
  tab.errors.length = 0;
});

it('a wrong key is said to be wrong; a key that may only read changes nothing', async () => {
  const { page, row } = await opened({ key: null });
  await page.getByLabel('Key', { exact: true }).fill('nonsense');
  await page.getByRole('button', { name: 'Use this key' }).click();
  await page.getByText('No region knows this key.').waitFor();
  assert.ok(await page.locator('#content').isHidden());
  assert.equal(await page.evaluate(() => sessionStorage.length + localStorage.length), 0);

  await page.getByRole('button', { name: 'Use dev-read' }).click();
  await page.getByText('this key may read only').waitFor();
  await page.locator('#list > li').first().waitFor();
  assert.ok(await page.locator('#list [role=switch]').first().isDisabled());
  assert.ok(await page.getByRole('button', { name: 'New flag' }).isDisabled());

  // a reload of the tab keeps the key; another tab has none
  await page.reload();
  await page.locator('#list > li').first().waitFor();
  assert.equal(await page.evaluate(() => localStorage.length), 0);

  // withdrawn while the page is open
  await page.route('**/api/**', (route) => route.fulfill({
    status: 401, contentType: 'application/problem+json', headers: { 'Access-Control-Allow-Origin': '*' },
    body: JSON.stringify({ title: 'x', status: 401, detail: 'the key is not valid', kind: 'unauthorized' }),
  }));
  await page.getByText('the key is not valid').waitFor();
  assert.ok(await page.locator('#sign-in').isVisible());
  assert.equal(await page.evaluate(() => sessionStorage.length), 0);
  assert.equal(await row('none').count(), 0);
});

it('a region that is lost, or answers 503, is shown so; the page goes on through the others', async () => {
  await makeFlag('survivor');
  const { page, row, card, change, filter, through } = await opened();
  await filter('survivor');
  await through(NEAR);
  await card(NEAR).getByText('✕ not reachable').waitFor({ state: 'detached' });
  await page.route(`${regionUrl(NEAR)}/**`, (route) => route.abort());
  await card(NEAR).getByText('✕ not reachable').waitFor();
  await page.getByText(`${NEAR} does not answer: working through`).waitFor();
  await row('survivor').getByRole('switch').click();
  const begun = page.locator('#changes > li[data-change=survivor]').first();
  await begun.getByText('Accepted in').waitFor();
  assert.doesNotMatch(await begun.innerText(), /Accepted in eu-west-1/);
  await begun.locator(`li[data-region="${NEAR}"]`).getByText('not reachable; trying again').waitFor();
  assert.equal((await newest('survivor')).state, 'DISABLED');

  await page.unroute(`${regionUrl(NEAR)}/**`);
  await card(NEAR).getByRole('button', { name: `Try ${NEAR} again now` }).click();
  await card(NEAR).getByText('✕ not reachable').waitFor({ state: 'detached' });
  await change('survivor', 'visible').waitFor();

  await page.route(`${regionUrl(FAR)}/**`, (route) => route.fulfill({
    status: 503, contentType: 'application/problem+json',
    headers: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': 'Retry-After', 'Retry-After': '1' },
    body: JSON.stringify({ title: 'x', status: 503, detail: 'nothing that could answer did so', kind: 'unavailable' }),
  }));
  await card(FAR).getByText('answers 503: nothing that could answer did so').waitFor();
  await page.unroute(`${regionUrl(FAR)}/**`);
  await card(FAR).getByText('answers 503').waitFor({ state: 'detached' });
});

it('a change whose answer is lost is asked for again through another region, and made once', async () => {
  const flag = await makeFlag('once-only');
  const { page, row, change, filter, through } = await opened();
  await filter('once-only');
  await through(NEAR);
  let lost = 0;
  await page.route(`${regionUrl(NEAR)}/api/admin/**`, async (route) => {
    if (route.request().method() !== 'PATCH') return route.continue();
    lost++;
    await route.fetch();
    return route.abort();
  });
  await row('once-only').getByRole('switch').click();
  await change('once-only', 'visible').waitFor();
  assert.equal(lost, 1);
  const { json } = await api(HOME, 'GET', '/api/admin/flags/once-only/history');
  assert.equal(json.versions.filter(({ version }) => version > flag.version).length, 1);
  assert.equal(json.versions[0].after.state, 'DISABLED');
});

it('it is readable on a phone and in the dark, and everything has a name', async () => {
  const { page, row, filter } = await opened({ viewport: { width: 360, height: 740 }, colorScheme: 'dark' });
  await page.locator('#world-section').waitFor();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'nothing sticks out');
  const [red, green, blue] = (await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).match(/\d+/g).map(Number);
  assert.ok(red + green + blue < 150, 'dark');
  const nameless = () => page.evaluate(() => [...document.querySelectorAll('button, input, select, textarea, svg[role=img]')]
    .filter((node) => node.checkVisibility() && !(node.getAttribute('aria-label') || node.labels?.length || node.textContent.trim()))
    .map((node) => node.outerHTML));
  assert.deepEqual(await nameless(), []);
  await filter('a');
  await page.locator('#list > li').first().getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('dialog').waitFor();
  assert.deepEqual(await nameless(), []);
  assert.ok(await page.evaluate(() => document.querySelector('dialog').scrollWidth <= window.innerWidth), 'the dialog fits');
  assert.equal(await row('none').count(), 0);
});

it('the home is lost and another region promoted while somebody works', async () => {
  await makeFlag('through-failover');
  const { page, row, card, change, filter, through } = await opened();
  await filter('through-failover');
  await through(FAR);
  await page.getByRole('button', { name: `Isolate: ${HOME}` }).click();
  await page.locator(`#world [data-region="${HOME}"]`).getByText('isolated').waitFor();
  await row('through-failover').getByRole('switch').click();
  const late = change('through-failover', 'delayed');
  await late.waitFor();
  await late.getByText('no cache takes writes at the moment').waitFor();
  assert.match(await late.innerText(), /Delayed …/);

  await page.getByRole('button', { name: `Promote: ${NEAR}` }).click();
  await page.locator('#world-facts').getByText(`Home ${NEAR}`).waitFor();
  await card(NEAR).getByText('home (primary)').waitFor();
  // the next change goes to the new home, and takes the delayed one along
  await row('through-failover').getByRole('combobox').selectOption({ label: 'off' });
  const seenIn = (item, region) => item.locator(`li[data-region="${region}"]`).getByText('visible after').waitFor();
  const newestChange = page.locator('#changes > li').first();
  await seenIn(newestChange, NEAR);
  await seenIn(newestChange, FAR);
  const delayedChange = page.locator('#changes > li').nth(1);
  await seenIn(delayedChange, NEAR);
  await seenIn(delayedChange, FAR);

  await page.getByRole('button', { name: 'Heal everything' }).click();
  await page.locator('#changes > li[data-state=visible]').nth(1).waitFor({ timeout: 40_000 });
  assert.equal((await newest('through-failover', NEAR)).defaultVariant, 'off');
});

test('when no server is left the page says so, and keeps what it knows', { timeout: 60_000, skip: !process.env.BURGEE_PAGE_OWN_WORLD }, async () => {
  const { page } = await opened();
  const count = await page.locator('#list > li').count();
  await world('POST', '/quit');
  await page.getByText('No region answers.').waitFor();
  await page.getByText('The local world does not answer.').waitFor();
  assert.equal(await page.locator('#list > li').count(), count);
  await page.locator('#list [role=switch]').first().click();
  await page.locator('[data-about=change]').getByText('not reachable').waitFor();
  assert.ok(CONTROL);
});
