// What the tests share: one browser, the world's control API, and a page that tells of its own errors.

import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

export const CONTROL = process.env.BURGEE_PAGE_URL;
const LIMIT_MS = 20_000;

let browser;
let regions;

export async function launch() {
  // no sandbox: Chromium refuses to run as root with one, and what it opens is this machine's own page
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  regions = new Map((await world('GET', '/status')).regions.map(({ name, url }) => [name, url]));
}

export const closeBrowser = () => browser?.close();

export const regionNames = () => [...regions.keys()];
export const regionUrl = (name) => regions.get(name);

/** One call of the world's control API. */
export async function world(method, path) {
  const response = await fetch(CONTROL + path, { method, signal: AbortSignal.timeout(LIMIT_MS) });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return response.json();
}

/** One call of a region's API, as somebody else than the page's user. */
export async function api(region, method, path, body, headers = {}) {
  const response = await fetch(regions.get(region) + path, {
    method,
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    headers: { Authorization: 'Bearer dev-admin', ...headers },
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  const text = await response.text();
  return { status: response.status, text, json: text ? JSON.parse(text) : null, position: response.headers.get('Burgee-Position') };
}

/** Makes a flag and waits until every region shows it. */
export async function makeFlag(key, definition = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' }) {
  const made = await api(regionNames()[0], 'PUT', `/api/admin/flags/${key}`, definition);
  assert.ok([200, 201].includes(made.status), made.text);
  await until(`${key} is visible everywhere`, async () => {
    const seen = await Promise.all(regionNames().map((region) => api(region, 'GET', `/api/config/flags/${key}`)));
    return seen.every(({ position }) => Number(position) >= Number(made.position));
  });
  return made.json.flag;
}

/** The ledger's word on a flag. */
export async function newest(key, region = regionNames()[0]) {
  const { json } = await api(region, 'GET', `/api/admin/flags/${key}/history?limit=1`);
  return json.versions[0].after;
}

export async function until(what, condition, limitMs = LIMIT_MS) {
  const end = Date.now() + limitMs;
  while (!await condition()) {
    assert.ok(Date.now() < end, `not within ${limitMs} ms: ${what}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** A page in a tab of its own; `close()` fails when the page had an error of its own. */
export async function open({ key = 'dev-admin', viewport = { width: 1200, height: 900 }, ...more } = {}) {
  const context = await browser.newContext({ viewport, locale: 'en-GB', ...more });
  const page = await context.newPage();
  page.setDefaultTimeout(LIMIT_MS);
  const errors = [];
  page.on('pageerror', (e) => errors.push(String(e.stack ?? e)));
  // a call that fails is the page's daily bread, and Chromium logs it by itself
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource|blocked by CORS|net::ERR/.test(message.text())) errors.push(message.text());
  });
  await page.goto(`${CONTROL}/`);
  if (key) {
    await page.getByRole('button', { name: `Use ${key}` }).click();
    await page.locator('#list > li').first().waitFor();
  }
  return {
    page,
    /** Its own errors so far; a test that provokes some takes them out. */
    errors,
    row: (flag) => page.locator(`#list > li[data-key="${flag}"]`),
    card: (region) => page.locator(`#regions > li[data-region="${region}"]`),
    change: (flag, state) => page.locator(`#changes > li[data-change="${flag}"][data-state="${state}"]`).first(),
    filter: (text) => page.getByRole('searchbox', { name: 'Filter' }).fill(text),
    through: (region) => page.getByLabel('Work through').selectOption(region),
    async close() {
      await context.close();
      assert.deepEqual(errors, []);
    },
  };
}
