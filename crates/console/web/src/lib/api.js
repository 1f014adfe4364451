// Questions to the probe. What it refuses becomes an Error whose message a person can read.

let csrf = null;
let reason = null;

export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** Why whole numbers are needed: sent with every question from now on, and written down with each. */
export function give(why) {
  reason = why;
}

async function answered(method, path, body) {
  const headers = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (csrf && method !== 'GET') headers['greyline-csrf'] = csrf;
  if (reason) headers['greyline-reason'] = encodeURIComponent(reason);
  let response;
  try {
    response = await fetch(`/api/v1${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Refused(0, 'The probe does not answer. Is it running, and is the network up?');
  }
  if (response.ok) return response;
  const answer = await response.json().catch(() => ({}));
  throw new Refused(response.status, answer.detail ?? response.statusText);
}

async function ask(method, path, body) {
  const response = await answered(method, path, body);
  return response.status === 204 ? null : response.json();
}

/** A file that is made on being asked for: its bytes, its name, and what its header says is in it. */
export async function fetched(path, body) {
  const response = await answered('POST', path, body);
  const name = response.headers.get('content-disposition')?.match(/filename="([\w.-]+)"/)?.[1] ?? 'greyline.zip';
  return { blob: await response.blob(), name, about: JSON.parse(response.headers.get('greyline-bundle') ?? '{}') };
}

export const get = (path, words) => ask('GET', path + query(words));
export const post = (path, body) => ask('POST', path, body);

function query(words = {}) {
  const said = Object.entries(words).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return said.length ? `?${new URLSearchParams(said)}` : '';
}

export async function who() {
  const session = await get('/session');
  csrf = session.csrf ?? null;
  return session;
}

export async function login(token) {
  const session = await post('/session', { token });
  csrf = session.csrf ?? null;
  return session;
}

export async function logout() {
  await ask('DELETE', '/session');
  csrf = reason = null;
}
