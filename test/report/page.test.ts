import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithChromium, startChromium } from '../interop/chromium.ts';
import { openPage } from './open-page.ts';
import { type ReportedRun, runReport } from './run-report.ts';

describeWithChromium()('the page in Chromium', () => {
  let run: ReportedRun;
  let browser: Browser;
  beforeAll(async () => {
    [run, browser] = await Promise.all([runReport(['servers.suite.ts', 'clients.suite.ts', 'hostile.suite.ts']), startChromium()]);
  });
  afterAll(async () => {
    await browser.close();
    await run[Symbol.asyncDispose]();
  });

  test('it opens without errors and without requests to the network', async () => {
    await using open = await openPage(browser, run.page);

    await expect.poll(() => open.page.getByRole('status').textContent()).toMatch(/^(\d+) of \1 results$/u);
    expect(await open.page.getByRole('heading', { level: 1 }).textContent()).toBe('Mutual TLS report');
    expect(open.requests).toEqual([]);
    expect(open.complaints).toEqual([]);
  });

  test('injected markup has no effect: the policy allows nothing else to run or load', async () => {
    const injectedPage = path.join(path.dirname(run.page), 'injectedPage.html');
    const injected =
      '<script>globalThis.fallen = 1</script><img src="http://127.0.0.1:9/x" onerror="globalThis.fallen = 1"><p>injected</p>';
    await writeFile(injectedPage, run.html.replace('<main>', `<main>${injected}`));

    await using open = await openPage(browser, injectedPage);

    expect(await open.page.getByText('injected').isVisible()).toBe(true);
    expect(await open.page.evaluate('"fallen" in globalThis')).toBe(false);
    expect(open.complaints.filter((text) => text.includes('Content Security Policy'))).toHaveLength(3);
  });

  test('each cell is a button with a name, in a table whose headers say what they head', async () => {
    await using open = await openPage(browser, run.page);
    const table = open.page.getByRole('region', { name: 'Servers under test' }).getByRole('table', { name: /outcome of each client/iu });

    expect(await table.getByRole('columnheader').allTextContents()).toEqual(
      expect.arrayContaining(['Scenario', 'correct', 'accepts every client', 'TLS 1.3', 'TLS 1.2']),
    );
    expect(await table.getByRole('rowheader', { name: 'expired-leaf an expired leaf' }).count()).toBe(1);
    await expect(names(open.page, /expired-leaf, (?:correct|accepts every client), TLS 1\.3/u)).resolves.toEqual([
      'rejected, as expected: expired-leaf, correct, TLS 1.3',
      'accepted, unexpected: expired-leaf, accepts every client, TLS 1.3',
      'rejected, as expected: expired-leaf, correct, TLS 1.3',
    ]);
  });

  test('filters show what matches, count it, and are cleared', async () => {
    await using open = await openPage(browser, run.page);
    const { page } = open;
    const all = await page.getByRole('status').textContent();

    await page.getByLabel('Status', { exact: true }).selectOption('unexpected');
    await page.getByLabel('Role', { exact: true }).selectOption('server');
    expect(await page.getByRole('status').textContent()).toMatch(/^3 of /u); // two of the one, the control of the other
    expect(await page.getByRole('table').count()).toBe(1);
    expect(await page.getByRole('rowheader', { name: /^expired-leaf/u }).isVisible()).toBe(true);
    expect(await page.getByRole('rowheader', { name: /^validity-/u }).isVisible()).toBe(false);

    await page.getByLabel('Find').fill('accepted EXPIRED-leaf');
    expect(await page.getByRole('status').textContent()).toMatch(/^1 of /u);
    await page.getByLabel('Find').fill('no such thing');
    expect(await page.getByText('Nothing fits these filters.').isVisible()).toBe(true);

    await page.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(() => page.getByRole('status').textContent()).toBe(all);
  });

  test('a cell is opened by the keyboard, says why the handshake was rejected, and returns the focus', async () => {
    await using open = await openPage(browser, run.page);
    const { page } = open;
    const cell = page.getByRole('button', { name: 'rejected, as expected: expired-leaf, correct, TLS 1.3' }).first();

    await page.getByLabel('Find').focus();
    await page.keyboard.press('Tab');
    await cell.focus();
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'expired-leaf' });

    await expect.poll(() => dialog.isVisible()).toBe(true);
    expect(await dialog.getByRole('region', { name: /message by message/u }).innerText()).toContain(
      'Handshake rejected by the server: CERT_HAS_EXPIRED (alert certificate_expired, 45, sent by the server)',
    );
    expect(await dialog.innerText()).toContain('rejected by the server with CERT_HAS_EXPIRED (alert certificate_expired)');
    expect(await dialog.innerText()).toMatch(/CN=client\s+expired/u);
    expect(await dialog.innerText()).toContain('expired 2 days before');
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog.isVisible()).toBe(false);
    expect(await cell.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
  });

  test('arrow keys go from cell to cell, and the dialog from result to result', async () => {
    await using open = await openPage(browser, run.page);
    const { page } = open;

    await page.getByRole('button', { name: 'rejected, as expected: expired-leaf, correct, TLS 1.3' }).first().focus();
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toBe('rejected, as expected: expired-leaf, correct, TLS 1.2');
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toMatch(/^accepted, as expected: validity-generalizedtime-2050, correct, TLS 1\.2$/u);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Next' }).click();
    expect(await page.getByRole('dialog').getByRole('heading', { level: 2 }).innerText()).not.toContain('correct');
    await page.getByRole('button', { name: 'Previous' }).click();
    expect(await page.getByRole('dialog').getByRole('heading', { level: 2 }).innerText()).toContain(
      'validity-generalizedtime-2050 correct, TLS 1.2',
    );
  });

  test('names of a hostile certificate are text, in their own order', async () => {
    await using open = await openPage(browser, run.page);
    const { page } = open;

    await page.getByRole('button', { name: /expired-leaf, hostile/u }).click();
    const text = await page.getByRole('dialog').innerText();

    expect(text).toContain(String.raw`CN=\</script\>\<img src\=x onerror\=globalThis.fallen\=1\>`); // as RFC 4514 writes it
    expect(text).toContain('URI:https://example.test/?</script><img/src=x/onerror=globalThis.fallen=1>');
    expect(text).toContain(String.raw`\u{202e}`);
    expect(text).not.toContain('\u{202e}');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.evaluate(() => 'fallen' in globalThis)).toBe(false);
    expect(open.complaints).toEqual([]);
    expect(open.requests).toEqual([]);
  });

  test('it is dark where the reader prefers dark', async () => {
    await using light = await openPage(browser, run.page, { colorScheme: 'light' });
    await using dark = await openPage(browser, run.page, { colorScheme: 'dark' });

    expect(await brightness(light.page)).toBeGreaterThan(230);
    expect(await brightness(dark.page)).toBeLessThan(40);
  });

  test.for(['light', 'dark'] as const)('every text has the contrast that WCAG 1.4.3 requires where the page is %s', async (colorScheme) => {
    await using open = await openPage(browser, run.page, { colorScheme });
    await open.page
      .getByRole('button', { name: /expired-leaf, accepts every client/u })
      .first()
      .click();

    const texts = await open.page.evaluate<{ text: string; contrast: number }[]>(contrasts);

    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter(({ contrast }) => contrast < 4.5)).toEqual([]);
  });

  test('it fits a narrow screen, with the dialog open too', async () => {
    await using open = await openPage(browser, run.page, { viewport: { width: 360, height: 740 } });

    expect(await widthOf(open.page)).toBe(360);
    await open.page
      .getByRole('button', { name: /expired-leaf, accepts every client/u })
      .first()
      .click();
    expect(await widthOf(open.page)).toBe(360);
    const dialog = await open.page.getByRole('dialog').boundingBox();
    expect(dialog?.width).toBeLessThanOrEqual(360);
  });

  test('on paper it is the table without the filters', async () => {
    await using open = await openPage(browser, run.page);
    await open.page.emulateMedia({ media: 'print' });

    expect(await open.page.getByRole('search').isVisible()).toBe(false);
    expect(await open.page.getByRole('table').first().isVisible()).toBe(true);
    expect((await open.page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
  });

  test('without scripts the table is there', async () => {
    await using open = await openPage(browser, run.page, { javaScriptEnabled: false });

    expect(
      await open.page
        .getByRole('rowheader', { name: /^expired-leaf/u })
        .first()
        .isVisible(),
    ).toBe(true);
  });
});

async function names(page: Page, name: RegExp): Promise<(string | null)[]> {
  return Promise.all((await page.getByRole('button', { name }).all()).map((button) => button.getAttribute('aria-label')));
}

async function focused(page: Page): Promise<string | null> {
  return page.locator(':focus').getAttribute('aria-label');
}

async function brightness(page: Page): Promise<number> {
  const color = await page.evaluate('getComputedStyle(document.body).backgroundColor');
  return Number(/\d+/u.exec(String(color))?.[0]);
}

async function widthOf(page: Page): Promise<number> {
  return page.locator('html').evaluate((element) => Math.max(element.scrollWidth, element.ownerDocument.body.scrollWidth));
}

/** Run in the page: the contrast of each text with what is behind it (WCAG 2.2, relative luminance). */
const contrasts = `(() => {
  const parse = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = ([red, green, blue]) => {
    const part = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const withText = [...document.body.querySelectorAll('*')].filter(
    (element) => !element.closest('script, noscript, .unseen') && element.checkVisibility() && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()),
  );
  return withText.map((element) => {
    const [one, other] = [luminance(parse(getComputedStyle(element).color)), luminance(behind(element))].toSorted((a, b) => a - b);
    return { text: element.textContent.trim().slice(0, 40), contrast: (other + 0.05) / (one + 0.05) };
  });
})()`;
