import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from '../../src/report/index.ts';
import { describeWithChromium, startChromium } from '../interop/chromium.ts';
import { openPage } from './open-page.ts';
import { type ReportedRun, runReport } from './run-report.ts';

describeWithChromium()('addresses, downloads and comparisons of the page in Chromium', () => {
  let folder: string;
  let run: ReportedRun;
  let browser: Browser;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'page-use-'));
    const suites = ['servers.suite.ts', 'assertions.suite.ts'];
    await using first = await runReport(suites);
    const baseline = path.join(folder, 'earlier.json');
    await writeFile(baseline, JSON.stringify(earlier(first.report)));
    [run, browser] = await Promise.all([runReport(suites, { options: { baseline } }), startChromium()]);
  });
  afterAll(async () => {
    await browser.close();
    await run[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const cell = 'server:accepts every client/TLSv1.3/expired-leaf';
  const hash = '#cell=server:accepts+every+client/TLSv1.3/expired-leaf';

  test('filters and cells have addresses, by which the page opens and between which the browser goes back', async () => {
    await using open = await openPage(browser, run.page);
    const { page } = open;
    const dialog = page.getByRole('dialog');

    await page.getByLabel('Status', { exact: true }).selectOption('unexpected');
    expect(hashOf(page)).toBe('#status=unexpected');
    await page.getByLabel('Find').pressSequentially('expired');
    expect(hashOf(page)).toBe('#find=expired&status=unexpected');
    const counted = await page.getByRole('status').textContent();
    await page.getByRole('button', { name: 'accepted, unexpected: expired-leaf, accepts every client, TLS 1.3' }).click();
    expect(hashOf(page)).toBe(`#find=expired&status=unexpected&cell=${hash.slice('#cell='.length)}`);
    await page.getByRole('button', { name: 'Next' }).click();
    expect(hashOf(page)).toContain('expired-intermediate');

    await page.goBack();
    await expect.poll(() => dialog.isVisible()).toBe(false);
    expect(hashOf(page)).toBe('#find=expired&status=unexpected');
    expect(await page.getByRole('status').textContent()).toBe(counted);
    await page.goForward();
    await expect.poll(() => dialog.isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await expect.poll(() => hashOf(page)).toBe('#find=expired&status=unexpected');
    await page.goto(`file://${run.page}`);
    await expect.poll(() => page.getByLabel('Find').inputValue()).toBe('');
    expect(open.complaints).toEqual([]);
  });

  test('the address of a cell opens it elsewhere, one that is unknown opens the page, and the link to the results is none', async () => {
    await using open = await openPage(browser, `${run.page}${hash}`);
    const { page } = open;
    const dialog = page.getByRole('dialog', { name: 'expired-leaf accepts every client' });

    await expect.poll(() => dialog.isVisible()).toBe(true);
    expect(await dialog.getByRole('link', { name: 'Link' }).getAttribute('href')).toBe(hash);
    await page.goto(`file://${run.page}#status=unexpected&cell=none`);
    await expect.poll(() => page.getByRole('dialog').isVisible()).toBe(false);
    expect(await page.getByLabel('Status', { exact: true }).inputValue()).toBe('unexpected');
    await page.getByRole('link', { name: 'Skip to the results' }).press('Enter');
    expect(hashOf(page)).toBe('#results');
    expect(await page.getByLabel('Status', { exact: true }).inputValue()).toBe('unexpected');
    expect(open.complaints).toEqual([]);
  });

  test('an unexpected cell says what that means and how bad it is, with links to the rules', async () => {
    await using open = await openPage(browser, `${run.page}${hash}`);
    const dialog = open.page.getByRole('dialog');

    expect(await dialog.getByText('What it means:').textContent()).toBeTruthy();
    expect(await dialog.innerText()).toContain(
      'Severity high: a credential passes for another peer, for longer, or for more than it was issued for, or data is sent in the clear.',
    );
    expect(await dialog.getByRole('link', { name: 'RFC 5280 6.1.3(a)(2)' }).getAttribute('href')).toBe(
      'https://www.rfc-editor.org/rfc/rfc5280#section-6.1.3',
    );
    expect(await dialog.getByRole('link', { name: /^CWE-298 / }).getAttribute('href')).toBe(
      'https://cwe.mitre.org/data/definitions/298.html',
    );
    expect(open.requests).toEqual([]);
  });

  test('a cell saves its JSON and its capture, from the page alone', async () => {
    await using open = await openPage(browser, `${run.page}${hash}`);
    const result = run.report.targets.flatMap(({ results }) => results).find(({ key }) => key === cell);

    const json = await saved(open.page, 'JSON');
    const capture = await saved(open.page, 'Capture');

    expect(json.name).toBe('server-accepts-every-client-TLSv1.3-expired-leaf.json');
    const { capture: embedded = '', ...handshake } = result?.handshake ?? {};
    expect(JSON.parse(json.content.toString())).toMatchObject({
      target: { name: 'accepts every client', underTest: 'server' },
      result: { ...result, handshake },
      certificates: { [String(result?.handshake?.clientChain?.certificates[0])]: { subject: 'CN=client' } },
    });
    expect(json.content.toString()).not.toContain('"capture"');
    expect(capture.name).toBe('server-accepts-every-client-TLSv1.3-expired-leaf.pcapng');
    expect(capture.content.readUInt32LE(0)).toBe(0x0a0d0d0a);
    expect(capture.content).toEqual(Buffer.from(embedded, 'base64'));
    expect(open.requests.filter((url) => !url.startsWith('blob:'))).toEqual([]);
    expect(open.complaints).toEqual([]);
  });

  test('a result as expected has its JSON and no capture; a control shows its handshake', async () => {
    await using open = await openPage(browser, run.page);
    const { page } = open;

    await page.getByRole('button', { name: 'accepted, as expected: control, correct, TLS 1.3' }).first().click();

    expect(await page.getByRole('button', { name: 'Capture' }).isVisible()).toBe(false);
    expect(await page.getByRole('button', { name: 'JSON' }).isVisible()).toBe(true);
    expect(await page.getByRole('region', { name: /message by message/u }).innerText()).toMatch(/^Handshake accepted/u);
  });

  test('the top says how the run compares with the earlier one, and each change leads to its cell', async () => {
    await using open = await openPage(browser, run.page);
    const { page } = open;

    expect(await page.locator('.summary').innerText()).toMatch(
      /^3 of \d+ judged results are unexpected: 2 high, 1 without a severity.* not rejected, high\./u,
    );
    expect(await page.locator('.summary').innerText()).toContain(
      'Compared with the run of 2026-01-02 03:04:05 UTC (0123456789): 1 newly failing, 1 newly passing, 1 new, 1 gone.',
    );
    await page.getByRole('link', { name: 'accepts every client/TLSv1.3/expired-leaf' }).click();
    await expect.poll(() => page.getByRole('dialog', { name: 'expired-leaf accepts every client' }).isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByLabel('Change', { exact: true }).selectOption('newly passing');
    expect(await page.getByRole('status').textContent()).toMatch(/^1 of /u);
    expect(run.output).toContain('compared with the run of 2026-01-02 03:04:05 UTC: 1 newly failing, 1 newly passing, 1 new, 1 gone');
    expect(run.output).toContain(`newly failing ${cell}`);
  });

  test('the head of a table stays below the filters, however many rows these take', async () => {
    await using open = await openPage(browser, run.page, { viewport: { width: 1000, height: 500 } });
    const { page } = open;

    await page
      .getByRole('rowheader', { name: /^more assertions than/u })
      .nth(30)
      .scrollIntoViewIfNeeded();
    const filters = await page.getByRole('search').boundingBox();
    const head = page.getByRole('region', { name: 'Assertions in tests' }).locator('thead');

    await expect.poll(async () => (await head.boundingBox())?.y).toBe((filters?.y ?? 0) + (filters?.height ?? 0));
  });

  test('assertions of tests are a table of their own, whose cells open and are filtered', async () => {
    await using open = await openPage(browser, run.page);
    const { page } = open;
    const table = page.getByRole('region', { name: 'Assertions in tests' }).getByRole('table');

    expect(await table.getByRole('rowheader', { name: /^orders API > lets its own clients in/u }).count()).toBe(3);
    await page.getByLabel('Role', { exact: true }).selectOption('assertion');
    expect(await page.getByRole('table').count()).toBe(1);
    await table.getByRole('button', { name: 'rejected, as expected: toReject, reason UNABLE_TO_GET_ISSUER_CERT_LOCALLY' }).click();
    expect(await page.getByRole('region', { name: /message by message/u }).innerText()).toContain('rejected by the server');
    const { content } = await saved(page, 'JSON');
    expect(JSON.parse(content.toString())).toMatchObject({ result: { matcher: 'toReject', status: 'as-expected' } });
  });
});

/** A report in which one result that fails now did not, one that passes now failed, one is not there yet, and one still is. */
function earlier(report: Report): Report {
  const changed = (key: string): object => {
    if (key === 'server:accepts every client/TLSv1.3/expired-leaf') return { status: 'as-expected' };
    if (key === 'server:correct/TLSv1.2/expired-leaf') return { status: 'unexpected' };
    return key === 'server:correct/TLSv1.3/expired-leaf' ? { key: 'server:correct/TLSv1.3/expired' } : {};
  };
  const targets = report.targets.map((target) => ({
    ...target,
    results: target.results.map((result) => Object.assign(structuredClone(result), changed(result.key))),
  }));
  return { ...report, startedAt: '2026-01-02T03:04:05.000Z', origin: { commit: '0123456789abcdef' }, targets };
}

function hashOf(page: Page): string {
  return new URL(page.url()).hash;
}

async function saved(page: Page, button: string): Promise<{ readonly name: string; readonly content: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button, exact: true }).click()]);
  return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
}
