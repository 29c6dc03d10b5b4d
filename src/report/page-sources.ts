import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

const imports = /^import \{[^}]*\} from '\.\/([\w-]+\.ts)';$/gmu;

/** The page's template; `{{name}}` stands for a part that the reporter makes. The build replaces this module by its values, so that the reporter in `dist` reads no files. */
export const pageTemplate: string = read('page.html');

/** What the template links to, by name: styles, and the script without its types, in which the modules that it imports come first. */
export const linkedSources: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from(pageTemplate.matchAll(/(?:href|src)="(?<name>[\w-]+\.(?:css|ts))"/gu), ({ groups: { name = '' } = {} }) => [
    name,
    name.endsWith('.ts') ? [...modulesOf(name)].join('') : read(name),
  ]),
);

/** The page is one file, in which no module can import another: names are unique in all of them, which the parser of the browser insists on. */
function modulesOf(name: string, known = new Set<string>()): ReadonlySet<string> {
  const code = stripTypeScriptTypes(read(name));
  for (const [, imported = ''] of code.matchAll(imports)) modulesOf(imported, known);
  return known.add(code.replaceAll(imports, '').replaceAll(/^export (?=(?:const|let|async|function)\b)/gmu, ''));
}

function read(name: string): string {
  return readFileSync(new URL(`page/${name}`, import.meta.url), 'utf8');
}
