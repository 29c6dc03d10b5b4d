import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

/** The page's template; `{{name}}` stands for a part that the reporter makes. The build replaces this module by its values, so that the reporter in `dist` reads no files. */
export const pageTemplate: string = read('page.html');

/** What the template links to, by name: styles, and the script without its types. */
export const linkedSources: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from(pageTemplate.matchAll(/(?:href|src)="(?<name>[\w-]+\.(?:css|ts))"/gu), ({ groups: { name = '' } = {} }) => [
    name,
    name.endsWith('.ts') ? stripTypeScriptTypes(read(name)) : read(name),
  ]),
);

function read(name: string): string {
  return readFileSync(new URL(`page/${name}`, import.meta.url), 'utf8');
}
