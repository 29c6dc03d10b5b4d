import { describeReferences, type Reference, type ScenarioSources, weaknessName } from '../../scenarios/catalogue/references.ts';

/** A text, and where it leads. */
export interface Link {
  readonly text: string;
  /** Absent where the document has no address that stays. */
  readonly url?: string;
}

/** The references, vulnerabilities and weaknesses of a scenario, each with the page of the one who publishes it. */
export function sourceLinks({ references, cves, cwes }: ScenarioSources): readonly Link[] {
  return [
    ...references.map((reference) => linkTo(describeReferences([reference]), addressOf(reference))),
    ...cves.map((cve) => linkTo(`class of ${cve}`, `https://www.cve.org/CVERecord?id=${cve}`)),
    ...cwes.map((cwe) => linkTo(`${cwe} ${weaknessName(cwe)}`, `https://cwe.mitre.org/data/definitions/${cwe.slice('CWE-'.length)}.html`)),
  ];
}

function linkTo(text: string, url: string | undefined): Link {
  return { text, ...(url !== undefined && { url }) };
}

/** RFCs are cited to the clause, such as `6.1.3(a)(1)`; rfc-editor.org has an anchor for each section. */
function addressOf(reference: Reference): string | undefined {
  const { section = '' } = reference;
  if ('rfc' in reference) return `https://www.rfc-editor.org/rfc/rfc${reference.rfc}${anchorOf(section)}`;
  if (reference.document === 'RustSec') return `https://rustsec.org/advisories/${section}.html`;
  if (reference.document === 'nodejs/node') return `https://github.com/nodejs/node/issues/${section.replace('#', '')}`;
  return undefined;
}

function anchorOf(section: string): string {
  const [number = ''] = /^[A-Z\d]+(?:\.\d+)*/u.exec(section) ?? [];
  if (number === '') return '';
  return /^\d/u.test(number) ? `#section-${number}` : `#appendix-${number}`;
}
