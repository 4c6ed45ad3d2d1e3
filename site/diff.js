// What differs between two texts, line by line.

const CELLS_MAX = 4_000_000;
const AROUND = 3;

/** `[{mark: ' ' | '+' | '-', text}]`, in order. */
export function diff(before, after) {
  const a = before === '' ? [] : before.split('\n');
  const b = after === '' ? [] : after.split('\n');
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const same = (text) => ({ mark: ' ', text });
  return [
    ...a.slice(0, head).map(same),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map(same),
  ];
}

/** The longest common subsequence; too much of it: all of one, then all of the other. */
function middle(a, b) {
  const gone = (text) => ({ mark: '-', text });
  const come = (text) => ({ mark: '+', text });
  if (a.length * b.length > CELLS_MAX) return [...a.map(gone), ...b.map(come)];
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] = a[i] === b[j]
        ? common[(i + 1) * width + j + 1] + 1
        : Math.max(common[(i + 1) * width + j], common[i * width + j + 1]);
    }
  }
  const lines = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ mark: ' ', text: a[i++] });
      j++;
    } else if (i < a.length && (j === b.length || common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      lines.push(gone(a[i++]));
    } else {
      lines.push(come(b[j++]));
    }
  }
  return lines;
}

/** The same with long stretches without a difference left out: `{mark: '…', text: '12 lines without a difference'}`. */
export function shorten(lines) {
  const near = lines.map((_, i) => lines.slice(Math.max(0, i - AROUND), i + AROUND + 1).some((line) => line.mark !== ' '));
  const short = [];
  for (let i = 0; i < lines.length; i++) {
    if (near[i]) {
      short.push(lines[i]);
      continue;
    }
    let end = i;
    while (end < lines.length && !near[end]) end++;
    short.push(...(end - i < 3
      ? lines.slice(i, end)
      : [{ mark: '…', text: `${end - i} lines without a difference` }]));
    i = end - 1;
  }
  return short;
}
