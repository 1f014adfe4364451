// Walks through the pages as their readers do, in a real Chromium, against a probe that it starts:
//
//   npm install && node browse.mjs ../../../target/debug/greyline [FOLDER FOR PICTURES]
//
// What it holds true: who is not known sees nothing but the login; an alert is on the page within a second of being told; every page is clean by
// axe, and nothing is asked of another host or refused by the page's own policy; a case lives from its alert to its proposal; whole numbers
// take a reason; lists are edited and in force; a bundle of evidence is taken away and holds (it takes unzip); what a sender wrote is text, and never markup.

import { spawn, execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [program, pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const HOSTILE = '<img src=x onerror=document.title=1>';
const PATIENCE = 20_000;

const folder = mkdtempSync(join(tmpdir(), 'greyline-browse-'));
const inbox = join(folder, 'inbox');
mkdirSync(inbox);
if (pictures) mkdirSync(pictures, { recursive: true });

function token(name, role) {
  const text = execFileSync(program, ['token', name, '--role', role], { encoding: 'utf8' });
  return { token: text.match(/greyline_[0-9a-f]{64}/)[0], user: text.slice(text.indexOf('[[user]]')) };
}

const desk = token('the desk', 'officer');
const guest = token('a guest', 'viewer');
const keeper = token('the keeper', 'admin');
const lists = join(folder, 'lists');
mkdirSync(lists);
writeFileSync(join(folder, 'greyline.toml'), `[tap]\nhome = "GB"\ntime_zone = "Europe/London"\n[lists]\nfile = "${join(lists, 'lists.toml')}"\n${desk.user}${guest.user}${keeper.user}`);
const capture = join(folder, 'demo.pcapng.zst');
// The last Tuesday afternoon that is over: what pages show of the last days has it, and people work as on any other.
const afternoon = new Date(Date.now() - 6 * 3_600_000);
afternoon.setUTCHours(14, 0, 0, 0);
while (afternoon.getUTCDay() !== 2 || afternoon > Date.now() - 6 * 3_600_000) afternoon.setUTCDate(afternoon.getUTCDate() - 1);
execFileSync(program, ['synth', 'demo', '--start', afternoon.toISOString().slice(0, 16), '--out', capture], { stdio: 'ignore' });

// Captures alone, so that time is theirs: beside a link, or SIP servers that send, it would be that of today.
const words = ['watch', '--log', 'json', '--state', 'off', '--listen', '127.0.0.1:0', '--folder', inbox];
const probe = spawn(program, [...words, '--config', join(folder, 'greyline.toml'), '--store', join(folder, 'store')], { stdio: ['ignore', 'ignore', 'pipe'] });
const log = [];
const waiting = [];
let half = '';
probe.stderr.on('data', (bytes) => {
  const lines = (half + bytes).split('\n');
  half = lines.pop();
  for (const line of lines) log.push({ ...JSON.parse(line), heard: Date.now() });
  waiting.splice(0).forEach((look) => look());
});
async function logged(message) {
  for (;;) {
    const found = log.find((line) => line.message === message);
    if (found) return found;
    await new Promise((look, never) => (waiting.push(look), probe.once('exit', () => never(new Error(`the probe has ended: ${JSON.stringify(log)}`)))));
  }
}

/** A capture, some hours after the other, of a call whose caller shows markup; and of a packet that lets time pass until it is over. */
function hostile() {
  const begun = afternoon / 1000 + 3 * 3600;
  const sip = (method, more) =>
    `${method} sip:12025550199@192.0.2.2 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1${HOSTILE}\r\nFrom: "${HOSTILE}" <sip:442079460991@192.0.2.1>;tag=a\r\n` +
    `To: <sip:12025550199@192.0.2.2>${more}\r\nCall-ID: ${HOSTILE}@192.0.2.1\r\nCSeq: 1 ${method}\r\nUser-Agent: ${HOSTILE}\r\nContent-Length: 0\r\n\r\n`;
  const answer = sip('INVITE', ';tag=b').replace(/^[^\r]*/, 'SIP/2.0 486 Busy Here');
  const packet = (message, at, [from, to]) => {
    const bytes = Buffer.alloc(16 + 28);
    const length = 28 + Buffer.byteLength(message);
    [begun + at, 0, length, length].forEach((word, place) => bytes.writeUInt32LE(word, 4 * place));
    Buffer.from([0x45, 0, length >> 8, length & 255, 0, at, 0, 0, 64, 17, 0, 0, 192, 0, 2, from, 192, 0, 2, to]).copy(bytes, 16);
    [5060, 5060, length - 20, 0].forEach((word, place) => bytes.writeUInt16BE(word, 36 + 2 * place));
    return Buffer.concat([bytes, Buffer.from(message)]);
  };
  const head = Buffer.alloc(24);
  // A pcap of IP without a link layer (LINKTYPE_RAW).
  [0xa1b2c3d4, 0x40002, 0, 0, 65535, 101].forEach((word, place) => head.writeUInt32LE(word, 4 * place));
  const call = [packet(sip('INVITE', ''), 0, [1, 2]), packet(answer, 1, [2, 1]), packet(sip('ACK', ';tag=b'), 2, [1, 2])];
  return Buffer.concat([head, ...call, packet('\r\n\r\n', 250, [1, 2])]);
}

function holds(what, that) {
  if (!that) throw new Error(what);
}

const browser = await chromium.launch({ env: { ...process.env, TZ: 'UTC' }, executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
try {
  const watching = await logged('watching');
  const base = watching.metrics.replace(/\/metrics$/, '');
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  page.setDefaultTimeout(PATIENCE);
  const wrong = [];
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('console', (said) => said.type() === 'error' && !/400|401|403|404|409/.test(said.text()) && wrong.push(said.text()));
  page.on('dialog', (dialog) => wrong.push(`a dialog: ${dialog.message()}`));
  page.on('request', (request) => request.url().startsWith(base) || wrong.push(`asked ${request.url()}`));

  async function clean(name) {
    await page.evaluate(axe);
    const found = await page.evaluate(async () => (await window.axe.run()).violations.map((it) => `${it.impact} ${it.id} ${it.nodes[0].html.slice(0, 200)}`));
    holds(`${name}: ${found.join('; ')}`, !found.some((it) => /^(serious|critical)/.test(it)));
    if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  }
  async function go(hash, wanted) {
    await page.evaluate((to) => (location.hash = to), hash);
    await page.locator(wanted).first().waitFor();
  }

  // Nobody is let in unknown.
  await page.goto(base);
  await page.getByLabel('Token').fill(`greyline_${'0'.repeat(64)}`);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('This token is not known here.').waitFor();
  await clean('login');
  await page.getByLabel('Token').fill(desk.token);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('No alert is open.').waitFor();
  await clean('now-empty');

  // What opens is on the page.
  copyFileSync(capture, join(inbox, 'demo.pcapng.zst'));
  await page.locator('main li a').first().waitFor();
  const seen = Date.now();
  const late = seen - (await logged('alert opened')).heard;
  console.log(`an alert is on the page ${Math.max(late, 0)} ms after it is in the log`);
  holds(`${late} ms`, late < 1000);
  await page.getByText('critical', { exact: true }).first().waitFor();
  await clean('now');

  // Why, and a case of it.
  await page.locator('main li a').first().click();
  await page.getByText('When it rang').waitFor();
  await page.getByText('Its calls', { exact: true }).waitFor();
  await clean('alert');
  holds('numbers are masked', !/\+44\d{9}/.test(await page.locator('main').innerText()));
  const alert = await page.evaluate(() => location.hash);
  // Times by the clock of whom they are about, and by which one is always said.
  await page.getByText('Times are those of UTC.').waitFor();
  await page.getByLabel('Times are shown by').selectOption('callee');
  await page.getByText('Times are those of Europe/London, where the phone most likely rang.').waitFor();
  holds('a time with its zone', /\d\d:\d\d:\d\d (GMT|BST)/.test(await page.locator('main td a').first().innerText()));
  await page.getByLabel('Times are shown by').selectOption('reader');
  await page.getByRole('button', { name: 'Open a case' }).click();
  await page.getByText('With nobody yet').waitFor();
  await page.locator('form select').selectOption('acknowledge');
  await page.locator('form button.primary').click();
  await page.getByText('With the desk').waitFor();
  await page.getByLabel('What is to be remembered').fill(HOSTILE);
  await page.locator('form button.primary').click();
  await page.locator('blockquote', { hasText: HOSTILE }).waitFor();
  await page.locator('form select').selectOption('dismiss');
  await page.getByLabel('How that is known').fill('it is a drill of the laboratory');
  await page.locator('form button.primary').click();
  await page.getByText('[[allow]]').waitFor();
  await clean('case');

  // Whole numbers, for a reason.
  await go(alert, 'text=Its calls');
  await page.getByRole('button', { name: 'Show whole numbers' }).click();
  await page.getByLabel('Why whole numbers are needed').fill('a complaint, says Jörg');
  await page.getByRole('button', { name: 'Show numbers' }).click();
  await page.getByText('this look is in the audit log').waitFor();
  await page.locator('main', { hasText: /\+44\d{9}/ }).waitFor();
  await page.getByRole('button', { name: 'Mask again' }).click();
  await page.getByRole('button', { name: 'Show whole numbers' }).waitFor();
  await page.getByRole('button', { name: 'Report …' }).click();
  await page.getByLabel('What the report is for').fill('the court');
  const [report] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('button', { name: 'Open the report' }).click()]);
  await report.locator('h1').first().waitFor();
  await report.close();

  // What it rests on, to take away: refused in words where nothing signs it, and checked by who gets it.
  await page.getByRole('button', { name: 'Evidence …' }).click();
  await page.getByLabel('What the evidence is for').fill('the court asks');
  await page.getByRole('button', { name: 'Make the bundle' }).click();
  await page.getByText('no key signs bundles here').waitFor();
  await clean('evidence-refused');
  writeFileSync(join(folder, 'store', 'evidence.key'), generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'der' }), { mode: 0o600 });
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Make the bundle' }).click()]);
  await page.getByText('Bundle 1 is in greyline-evidence-1.zip').waitFor();
  await clean('evidence');
  await download.saveAs(join(folder, 'bundle.zip'));
  execFileSync('unzip', ['-q', join(folder, 'bundle.zip'), '-d', folder]);
  const verified = execFileSync(program, ['verify', join(folder, 'bundle-1'), '--store', join(folder, 'store')], { encoding: 'utf8' });
  holds(verified, verified.includes('files as they were made, the signature holds'));

  // From a complaint to the operation behind it, one by one and as a list.
  await page.keyboard.press('v');
  await page.getByLabel('Number that was called').fill('+442079460993');
  await page.getByLabel('When').fill('2026-03-03T14:05');
  await page.getByRole('button', { name: 'Trace it' }).click();
  await page.getByText('No call to this number in that time.').waitFor();
  await clean('complaints-empty');
  const victims = await page.evaluate(async (id) => (await (await fetch(`/api/v1/alerts/${id}/calls?limit=3`, { headers: { 'greyline-reason': 'a test' } })).json()).calls, alert.split('/').at(-1));
  holds('the alert has calls', victims.length === 3);
  const complaints = victims.map(({ time, call }, at) => `c${at},${call.callee.number},${time.slice(0, 16)},10,"${HOSTILE}"`);
  writeFileSync(join(folder, 'complaints.csv'), ['id,callee,time,minutes,said', ...complaints, 'x,nobody,2026-03-03T14:05,,'].join('\n'));
  await page.getByLabel('The file').setInputFiles(join(folder, 'complaints.csv'));
  await page.getByLabel('Times that say no zone are').selectOption('utc');
  await page.getByRole('button', { name: 'Trace them' }).click();
  await page.getByText('line 5: "nobody" is no telephone number').waitFor();
  holds('complaints', (await page.locator('article').count()) === 3 && (await page.locator('article', { hasText: 'others' }).count()) === 3);
  await page.locator('article blockquote', { hasText: HOSTILE }).first().waitFor();
  holds('masked victims', !/\+44\d{9}/.test((await page.locator('article').allInnerTexts()).join()));
  await clean('complaints');

  // What a sender wrote.
  writeFileSync(join(folder, 'hostile.pcap'), hostile());
  renameSync(join(folder, 'hostile.pcap'), join(inbox, 'hostile.pcap'));
  const sought = `${new URLSearchParams({ callee: '+12025550199' })}`;
  const found = () => page.evaluate(async (words) => (await (await fetch(`/api/v1/calls?${words}`)).json()).calls.length, sought);
  for (const begun = Date.now(); !(await found()); await page.waitForTimeout(250)) holds('the call is kept', Date.now() - begun < 4 * PATIENCE);
  await go(`#/search?${sought}`, 'main td a');
  await page.getByText(HOSTILE).first().waitFor();
  await page.locator('main td a').first().click();
  await page.getByText('How it went').waitFor();
  await page.getByLabel('Times are shown by').selectOption('callee');
  await page.getByText('Times are those of America/New York, where the phone most likely rang.').waitFor();
  await page.getByText(/Times are \d+ \w+ \d{4}, (GMT-[45]|E[SD]T)\./).waitFor();
  await page.getByLabel('Times are shown by').selectOption('reader');
  // Its messages, as they went from machine to machine: a list, whose texts are shown on demand.
  const ladder = page.getByRole('region', { name: 'SIP messages' });
  await ladder.getByText('3 messages').waitFor();
  holds('the ladder', (await ladder.locator('ol summary').allInnerTexts()).map((it) => it.match(/INVITE|486 Busy Here|ACK/)?.[0]).join() === 'INVITE,486 Busy Here,ACK');
  await clean('call-hostile');
  await ladder.locator('ol summary').first().focus();
  await page.keyboard.press('Enter');
  await ladder.locator('pre', { hasText: HOSTILE }).first().waitFor();
  holds('masked messages', !/12025550199|442079460991/.test(await ladder.innerText()));
  await page.getByRole('button', { name: 'Show whole numbers' }).click();
  await page.getByLabel('Why whole numbers are needed').fill('a complaint about this call');
  await page.getByRole('button', { name: 'Show numbers' }).click();
  await ladder.locator('pre', { hasText: 'sip:12025550199@192.0.2.2' }).first().waitFor();
  await clean('call-messages');
  await page.getByRole('button', { name: 'Mask again' }).click();
  await page.getByRole('button', { name: 'Show whole numbers' }).waitFor();
  holds('markup', (await page.locator('main img').count()) === 0 && (await page.title()) !== '1');
  const call = await page.evaluate(() => location.hash);

  for (const [hash, wanted] of [['alerts', 'main li a'], ['search', 'main td a'], ['cases', 'main td a'], ['detectors', 'main summary'], ['nowhere', 'text=There is no such page']]) {
    await go(`#/${hash}`, wanted);
    await clean(hash);
  }

  // Licences and lists: an entry is written by a form, refused in words where something is wrong with it, and in force where nothing is.
  await page.keyboard.press('i');
  await page.getByText('it can be edited once they are shown').waitFor();
  await clean('lists');
  await page.getByRole('button', { name: 'Show whole numbers' }).click();
  await page.getByLabel('Why whole numbers are needed').fill('the register has changed');
  await page.getByRole('button', { name: 'Show numbers' }).click();
  await page.getByLabel('Holder').fill(HOSTILE);
  await page.getByLabel('Numbers', { exact: true }).fill('+441632960000-+441632960499, nobody');
  await page.getByRole('button', { name: 'Write the licence' }).click();
  await page.getByLabel('Which').fill('192.0.2.77');
  await page.getByLabel('Why it is allowed').fill('a drill of the "laboratory"');
  await page.getByRole('button', { name: 'Write it down' }).click();
  await page.getByLabel('Why it is changed').fill('the register has changed');
  await page.getByRole('button', { name: 'Put into force' }).click();
  await page.getByRole('alert').filter({ hasText: /lists\.toml:\d+:\d+: error/ }).waitFor();
  await clean('lists-refused');
  const file = page.getByLabel('What stands in it');
  await file.fill((await file.inputValue()).replace(', "nobody"', ''));
  await page.getByRole('button', { name: 'Put into force' }).click();
  await page.getByText('In force, as configuration').waitFor();
  await page.locator('main td', { hasText: HOSTILE }).waitFor();
  await page.locator('main td', { hasText: 'a drill of the "laboratory"' }).waitFor();
  await clean('lists-edited');
  await page.getByRole('button', { name: 'Mask again' }).click();
  await page.getByText('it can be edited once they are shown').waitFor();

  await go('#/trunks', 'main select');
  await page.getByLabel('In the last').selectOption({ label: '30 days' });
  await page.locator('main td button').first().waitFor();
  await clean('trunks');

  // By keyboard, in the dark, on a phone, from the right.
  await page.keyboard.press('n');
  await page.locator('main li a').first().waitFor();
  await page.getByLabel('Theme').selectOption('dark');
  await page.getByTitle('Read from right to left').click();
  await clean('now-dark-rtl');
  await go(call, 'section ol summary');
  await page.locator('section ol summary').nth(1).click();
  await clean('call-dark-rtl');
  await go('#/', 'main li a');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.locator('main li a').first().click();
  await page.getByText('Its calls', { exact: true }).waitFor();
  await clean('alert-phone');
  await page.evaluate(() => (location.hash = '#/complaints'));
  await page.getByRole('button', { name: 'Trace them' }).waitFor();
  await clean('complaints-phone');
  await go('#/lists', 'text=it can be edited once they are shown');
  await clean('lists-phone');
  await go(call, 'section ol summary');
  await page.locator('section ol summary').first().click();
  await clean('call-phone');
  holds('wider than the phone', await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));

  // A guest sees, and does nothing.
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByLabel('Token').fill(guest.token);
  await page.getByRole('button', { name: 'Log in' }).click();
  await go(alert, 'text=Its calls');
  await go('#/lists', 'main td');
  holds('lists for a guest', (await page.locator('main form').count()) === 0);
  await go(alert, 'text=Its calls');
  holds('complaints for a guest', (await page.getByRole('link', { name: 'Complaints' }).count()) === 0);
  for (const name of ['Open a case', 'Report …', 'Evidence …', 'Show whole numbers …']) holds(name, (await page.getByRole('button', { name }).count()) === 0);

  // Whoever keeps the log sees who came, and who could not come in.
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByLabel('Token').fill(keeper.token);
  await page.getByRole('button', { name: 'Log in' }).click();
  await go('#/audit', 'main td');
  for (const [who, what] of [['the keeper', 'logged in'], ['nobody known', 'login failed'], ['the desk', 'evidence'], ['the desk', 'traceback'], ['the desk', 'lists in force']]) await page.getByRole('row').filter({ hasText: who }).filter({ hasText: what }).first().waitFor();
  await clean('audit');
  holds(wrong.join('\n'), wrong.length === 0);
  console.log('all is well');
} catch (error) {
  // What was on the page then says most.
  for (const page of browser.contexts().flatMap((context) => context.pages())) console.error(await page.locator('body').innerText().catch(String));
  throw error;
} finally {
  await browser.close();
  probe.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}
