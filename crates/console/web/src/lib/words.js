// Words for what records call by closed lists, and numbers as people read them.

export const SEVERITIES = ['critical', 'high', 'medium', 'low'];

const KINDS = {
  scam_call_centre: 'Scam call centre',
  unlicensed_call_centre: 'Unlicensed call centre',
  timezone_targeting: 'Time zone targeting',
  call_burst: 'Call burst',
  robocall: 'Robocall',
  number_rotation: 'Number rotation',
  grey_route: 'Grey route',
  sim_box: 'SIM box',
  cli_refile: 'Refiled numbers',
  false_answer: 'False answer',
  wangiri: 'Wangiri',
  irsf: 'Revenue share fraud',
  impersonation: 'Impersonation',
  sip_scan: 'SIP scan',
};

export const KIND_NAMES = Object.keys(KINDS);
export const kind = (name) => KINDS[name] ?? plain(name ?? '');
export const plain = (word) => word.replaceAll('_', ' ');

export function count(value, digits = 0) {
  return new Intl.NumberFormat('en', { maximumFractionDigits: digits }).format(value ?? 0);
}

export function short(value) {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(value ?? 0);
}

export const share = (value) => (value === undefined || value === null ? '–' : `${count(100 * value, 1)} %`);

export function seconds(ms) {
  if (ms === undefined || ms === null) return '–';
  const s = ms / 1000;
  if (s < 59.5) return `${count(s, s < 10 ? 1 : 0)} s`;
  const whole = Math.round(s);
  return whole % 60 ? `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s` : `${whole / 60} min`;
}

export function bits(perSecond) {
  const units = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s'];
  let at = 0;
  while (perSecond >= 1000 && at < 3) [perSecond, at] = [perSecond / 1000, at + 1];
  return `${count(perSecond, perSecond < 10 ? 1 : 0)} ${units[at]}`;
}

/** A measured value with its unit. */
export function measured(value, unit) {
  if (unit === 'share') return share(value);
  return `${count(value, Math.abs(value) < 10 ? 2 : 0)}${unit && unit !== 'count' ? ` ${unit}` : ''}`;
}

/** What a sender wrote, with what would turn or hide letters in sight: it is shown where each line of it matters. */
export function tame(text) {
  const odd = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
  return (text ?? '').replace(odd, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
