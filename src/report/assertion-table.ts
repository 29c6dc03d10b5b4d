import { html, type Html } from './html.ts';
import { cellButton } from './matrix.ts';
import type { Report, ReportAssertion } from './report.ts';
import { statusWords } from './words.ts';

/** What tests asserted by matchers: a table of files, tests and assertions. */
export function assertionTable(report: Report): Html | readonly Html[] {
  const files = assertionFiles(report);
  if (files.length === 0) return [];
  return html`<section class="matrix assertions" aria-labelledby="assertions">
    <h2 id="assertions">Assertions in tests</h2>
    ${report.omittedAssertions > 0 ? html`<p class="quiet">${report.omittedAssertions} more are not shown: of each test the first 50 are recorded.</p>` : []}
    <div class="scroll" role="region" aria-labelledby="assertions" tabindex="0">
      <table>
        <caption class="unseen">
          What each test asserted on handshakes
        </caption>
        <thead>
          <tr>
            <th scope="col" class="corner">Test</th>
            <th scope="col">Outcome</th>
          </tr>
        </thead>
        ${files.map(
          ({ title, assertions }, index) =>
            html`<tbody>
              <tr class="group">
                <th scope="rowgroup" colspan="2"><span>${title}</span></th>
              </tr>
              ${assertions.map((assertion, place) => assertionRow(assertion, `${report.targets.length + index} ${place}`))}
            </tbody>`,
        )}
      </table>
    </div>
  </section>`;
}

/** The assertions by file; on the page they come after the targets. */
export function assertionFiles({ assertions }: Pick<Report, 'assertions'>): readonly AssertionFile[] {
  const files = Map.groupBy(assertions, ({ file, project, label }) =>
    [file, ...[project, label].flatMap((part) => (part === undefined ? [] : [`[${part}]`]))].join(' '),
  );
  return [...files].map(([title, own]) => ({ title, assertions: own }));
}

interface AssertionFile {
  readonly title: string;
  readonly assertions: readonly ReportAssertion[];
}

/** `toReject, server with CERT_HAS_EXPIRED` */
export function assertionText({ matcher, not, expected }: Pick<ReportAssertion, 'matcher' | 'not' | 'expected'>): string {
  const given = Object.entries(expected).map(([name, value]) => `${name} ${value}`);
  return [`${not ? 'not.' : ''}${matcher}`, ...given].join(', ');
}

function assertionRow(assertion: ReportAssertion, at: string): Html {
  const { test, status } = assertion;
  const text = assertionText(assertion);
  const word = wordOf(assertion);
  return html`<tr>
    <th scope="row">${test}<span class="title">${text}</span></th>
    <td>${cellButton({ at, status, word, name: `${text}, ${test}` })}</td>
  </tr>`;
}

/** The outcome, in a word or two. Where nothing was judged, the handshake is that of the control. */
function wordOf({ status, not, handshake }: ReportAssertion): string {
  if (status === 'not-judged') return statusWords[status];
  if (handshake) return handshake.verdict;
  if (status === 'unexpected') return 'otherwise';
  return not ? 'no refusal' : 'refused';
}
