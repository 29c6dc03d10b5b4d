import { printable, printableLines } from '../errors/printable.ts';
import type { Handshake } from '../handshake/verdict/handshake.ts';
import type { PeerCertificate } from '../x509/inspect-certificate.ts';
import { type ExpectedCertificate, matchesExpected } from './expected-certificate.ts';
import { describeEvidence, describeRejection, isAcceptedAs, isRejectedAs, verdictWith } from './expectations.ts';
import { failureTranscript } from './failure-transcript.ts';
import type { MatcherContext, MatcherResult } from './matcher-context.ts';
import { requireAcceptance, requireCertificateFields, requireHandshake, requireRejection } from './matcher-input.ts';
import type { Matchers } from './matcher-types.ts';

/** The matchers on a `Handshake` value; synchronous, so that none can be forgotten to await. */
export const handshakeMatchers: Pick<Matchers, 'toBeAccepted' | 'toBeRejected' | 'toHaveClientCertificate' | 'toHaveServerCertificate'> = {
  toBeAccepted(received, expected = {}) {
    const handshake = requireHandshake('toBeAccepted', received);
    requireAcceptance('toBeAccepted', expected);
    return {
      pass: isAcceptedAs(handshake, expected),
      message: () =>
        `expected the handshake ${this.isNot ? 'not ' : ''}to be accepted${describeEvidence(expected)}; it was ${verdictWith(handshake, expected)}\n\n${failureTranscript(handshake, this.currentTestName)}`,
    };
  },

  toBeRejected(received, expected = {}) {
    const handshake = requireHandshake('toBeRejected', received);
    requireRejection('toBeRejected', expected);
    return {
      pass: isRejectedAs(handshake, expected),
      message: () =>
        `expected the handshake ${this.isNot ? 'not ' : ''}to be ${describeRejection(expected)}; it was ${verdictWith(handshake, expected)}\n\n${failureTranscript(handshake, this.currentTestName)}`,
    };
  },

  toHaveClientCertificate(received, expected = {}) {
    const handshake = requireHandshake('toHaveClientCertificate', received);
    requireCertificateFields('toHaveClientCertificate', expected);
    return certificateResult(this, 'client', handshake, expected);
  },

  toHaveServerCertificate(received, expected = {}) {
    const handshake = requireHandshake('toHaveServerCertificate', received);
    requireCertificateFields('toHaveServerCertificate', expected);
    return certificateResult(this, 'server', handshake, expected);
  },
};

function certificateResult(
  context: MatcherContext,
  end: 'client' | 'server',
  handshake: Handshake,
  expected: ExpectedCertificate,
): MatcherResult {
  const certificate = end === 'client' ? handshake.clientCertificate : handshake.serverCertificate;
  if (!certificate) {
    return {
      pass: false,
      message: () => `expected a ${end} certificate; none was seen\n\n${failureTranscript(handshake, context.currentTestName)}`,
    };
  }
  // Only the expected fields, so that the diff shows nothing else.
  const actual = Object.fromEntries(Object.keys(expected).map((field) => [field, certificate[field as keyof PeerCertificate]])); // its names were checked
  return {
    pass: matchesExpected(actual, expected),
    actual,
    expected,
    message: () =>
      `expected the ${end} certificate of "${printable(certificate.subject.text)}" ${context.isNot ? 'not ' : ''}to have ${textOfFields(context, expected)}; it has ${printableLines(textOfFields(context, actual))}\n\n${failureTranscript(handshake, context.currentTestName)}`,
  };
}

/** As the test runner prints values, asymmetric matchers among them. */
function textOfFields({ utils }: MatcherContext, fields: object): string {
  return utils ? utils.stringify(fields) : process.getBuiltinModule('node:util').inspect(fields, { depth: 4 });
}
