// Where the APIs are: config.json beside this page, and nothing else. Not the address bar: a link must not choose who is
// given the key.

const KEY = 'burgee.key';
const TOKEN = 'burgee.token';

/** `{regions: [{name, url}], pollMs, tokens, world}`; throws an Error that says what is wrong with the file. */
export async function loadConfig() {
  let config;
  try {
    const response = await fetch('config.json', { cache: 'no-store', signal: AbortSignal.timeout(10_000) });
    if (!response.ok) throw new Error(`it answers ${response.status}`);
    config = await response.json();
  } catch (e) {
    throw new Error(`config.json beside this page cannot be read: ${e.message}`, { cause: e });
  }
  const regions = Object.entries(config.regions ?? {}).map(([name, url]) => ({ name, url: address(name, url) }));
  if (regions.length === 0) {
    throw new Error('config.json beside this page names no region; docs/page.md says what belongs into it');
  }
  return {
    regions,
    pollMs: Math.max(500, Number(config.pollMs) || 2000),
    tokens: config.tokens === true,
    world: config.world ?? null,
  };
}

function address(name, url) {
  if (typeof url !== 'string' || !/^https?:\/\/[^/]+/.test(url)) {
    throw new Error(`config.json: the address of ${name} is ${JSON.stringify(url)}, but must begin with https://`);
  }
  return url.replace(/\/+$/, '');
}

/** The key and the token live as long as the tab. */
export const keys = {
  get key() { return sessionStorage.getItem(KEY) ?? ''; },
  get token() { return sessionStorage.getItem(TOKEN) ?? ''; },
  keep(key, token) {
    sessionStorage.setItem(KEY, key);
    if (token) sessionStorage.setItem(TOKEN, token);
  },
  forget() {
    sessionStorage.removeItem(KEY);
    sessionStorage.removeItem(TOKEN);
  },
};
