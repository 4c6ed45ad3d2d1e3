// Reads flags of one region at a steady rate, for scripts/latency: run by k6, one run per address.
//
// Each read is one GET of one flag over a connection that is open already. Reads of the first seconds do not count: they
// open connections and warm processes. Every time is k6's http_req_duration: sending, waiting, receiving.
import http from 'k6/http';
import { check } from 'k6';
import exec from 'k6/execution';
import { Counter, Rate, Trend } from 'k6/metrics';

const url = __ENV.LATENCY_URL;
const seconds = Number(__ENV.LATENCY_SECONDS);
const warmUp = Number(__ENV.LATENCY_WARM_UP);
const rate = Number(__ENV.LATENCY_RATE);
const headers = __ENV.BURGEE_READ_KEY ? { 'X-API-Key': __ENV.BURGEE_READ_KEY } : {};
const sources = ['memory', 'replica', 'primary', 'database', 'last-known'];

const readMs = new Trend('read_ms', true);
const failed = new Rate('read_failed');
const bySource = Object.fromEntries(sources.map((s) => [s, new Counter(`source_${s.replace('-', '_')}`)]));

export const options = {
  scenarios: {
    reads: {
      executor: 'constant-arrival-rate', rate, timeUnit: '1s', duration: `${warmUp + seconds}s`, gracefulStop: '10s',
      // each user keeps one connection; an ocean's round trip is less than half a second
      preAllocatedVUs: Math.max(2, Math.ceil(rate / 2)), maxVUs: Math.max(2, rate),
    },
  },
  summaryTrendStats: ['min', 'med', 'avg', 'p(95)', 'p(99)', 'max', 'count'],
  discardResponseBodies: true,
  setupTimeout: '30s',
};

export function setup() {
  const list = http.get(`${url}/api/config/flags?limit=100`, { headers, timeout: '20s', responseType: 'text' });
  if (list.status !== 200) {
    throw new Error(`${url} answers ${list.status || list.error} to a list of flags: ${String(list.body).slice(0, 200)}`);
  }
  const keys = list.json().flags.map((flag) => flag.key);
  if (keys.length === 0) {
    throw new Error(`${url} has no flags to read`);
  }
  return keys;
}

export default function (keys) {
  const key = keys[Math.floor(Math.random() * keys.length)];
  const answer = http.get(`${url}/api/config/flags/${encodeURIComponent(key)}`, { headers, timeout: '5s' });
  if (Date.now() - exec.scenario.startTime < warmUp * 1000) return;
  const well = check(answer, { 'is 200': (a) => a.status === 200 });
  failed.add(!well);
  if (well) {
    readMs.add(answer.timings.duration);
    const source = bySource[answer.headers['Burgee-Source']];
    if (source) source.add(1);
  }
}

export function handleSummary(data) {
  return { [__ENV.LATENCY_SUMMARY]: JSON.stringify(data, null, 1) };
}
