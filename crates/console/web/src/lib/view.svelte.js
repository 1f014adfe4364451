// How the reader wants it: light or dark, from which side lines are read, whose clock times are shown by. Kept in this browser.

const KEY = 'greyline-view';

function held() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

// `tap` is told by the probe; by the page that is open `callee`, where it is about somebody who was called, and `title`, once it knows what it shows.
export const view = $state({ theme: 'auto', dir: 'ltr', zone: 'reader', tap: 'UTC', ...held(), callee: null, title: null });

export function keep() {
  const { theme, dir, zone } = view;
  try {
    localStorage.setItem(KEY, JSON.stringify({ theme, dir, zone }));
  } catch {
    // A browser that keeps nothing shows the same.
  }
  document.documentElement.dir = dir;
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** The zone by whose clock times are shown. */
export function zone() {
  if (view.zone === 'utc') return 'UTC';
  if (view.zone === 'tap') return view.tap;
  if (view.zone === 'callee' && view.callee) return view.callee;
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

const formats = new Map();

function format(style, options) {
  const key = `${style} ${zone()}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat('en-GB', { timeZone: zone(), hourCycle: 'h23', ...options }));
  return formats.get(key);
}

/** `28 Nov 10:00:00 GMT`: a moment always says its zone. */
export function moment(time) {
  if (!time) return '–';
  const parts = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short' };
  const year = new Date(time).getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' };
  return format(year.year ? 'full' : 'moment', { ...year, ...parts }).format(new Date(time)).replace(',', '');
}

/** `10:00:00.123`: for rows under a head that says their zone (`zoned`). */
export function clock(time) {
  const parts = { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 };
  return format('clock', parts).format(new Date(time));
}

/** `28 Nov 2026, GMT`: the day and the zone by whose clock a time is shown. */
export function zoned(time) {
  return format('day', { day: 'numeric', month: 'short', year: 'numeric', timeZoneName: 'short' }).format(new Date(time));
}

/** How long ago, as one says it. */
export function ago(time, now) {
  const s = Math.round((now - new Date(time)) / 1000);
  if (s < 0) return moment(time);
  if (s < 60) return `${s} s ago`;
  if (s < 3600) return `${Math.floor(s / 60)} min ago`;
  if (s < 172800) return `${Math.floor(s / 3600)} h ago`;
  return `${Math.floor(s / 86400)} days ago`;
}
