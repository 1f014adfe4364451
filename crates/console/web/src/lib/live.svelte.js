// What the probe tells as it happens. The browser opens the stream again by itself where it breaks, and says what it read last.

export const live = $state({ figures: null, samples: [], connected: false });

const readers = new Set();
const RETRY_MS = 5_000;
let stream = null;
let retry = null;

/** Calls `alert` with every word on an alert, and `missed` where alerts have to be read anew. Gives what ends that. */
export function follow(reader) {
  readers.add(reader);
  return () => readers.delete(reader);
}

export function begin() {
  end();
  stream = new EventSource('/api/v1/events');
  stream.onopen = () => (live.connected = true);
  stream.onerror = () => {
    live.connected = false;
    // A stream that was refused is not opened again by the browser. What was told meanwhile is read anew.
    if (stream?.readyState === EventSource.CLOSED) retry = setTimeout(() => (begin(), missed()), RETRY_MS);
  };
  stream.addEventListener('figures', ({ data }) => figures(JSON.parse(data)));
  stream.addEventListener('alert', ({ data }) => {
    const alert = JSON.parse(data);
    readers.forEach((reader) => reader.alert?.(alert));
  });
  stream.addEventListener('missed', missed);
}

const missed = () => readers.forEach((reader) => reader.missed?.());

export function end() {
  clearTimeout(retry);
  stream?.close();
  stream = null;
  live.connected = false;
}

const SAMPLE_S = 5;
const SAMPLES = 720;

function figures(now) {
  live.figures = now;
  const at = Math.floor(new Date(now.time) / 1000);
  const last = live.samples.at(-1);
  if (last && at - last.at < SAMPLE_S) return;
  const { calls_per_s, answer_ratio, legs, bits_per_s } = now;
  live.samples = [...live.samples.slice(1 - SAMPLES), { at, calls_per_s, answer_ratio, legs, bits_per_s }];
}
