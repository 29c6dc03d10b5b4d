import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** An open page, with its errors and its requests to the network. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /** Messages of the console and errors. */
  readonly complaints: readonly string[];
  /** Addresses beside its own. */
  readonly requests: readonly string[];
}

export async function openPage(browser: Browser, file: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(`file://${file}`);
  requests.splice(0, 1);
  return { page, complaints, requests, [Symbol.asyncDispose]: () => context.close() };
}
