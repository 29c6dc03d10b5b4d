import { expect, test } from 'vitest';
import { createPki } from '../../../src/index.ts';
import type { TlsVersion } from '../../../src/scenarios/catalogue/scenario.ts';
import { runScenario } from '../../../src/scenarios/run/run-scenario.ts';
import type { AttemptFunction } from '../../../src/scenarios/run/target.ts';
import { handshakeFailure } from '../../../src/handshake/verdict/client-errors/handshake-failure.ts';
import { clientScenario } from '../../scenarios/scenario.ts';
import { describeWith } from '../judges.ts';
import { echoAttempt, getAttempt } from './attempts.ts';
import type { ServerProcess } from '../server-process.ts';
import { type ServerSetup, startApache, startJava, startNginx, startOpenssl } from './servers.ts';
import { ocspIds } from '../../support/ocsp-ids.ts';

const pki = createPki({ name: 'asked by OCSP' });
const versions = ['TLSv1.3', 'TLSv1.2'] as const;

/** How a server answers: `accepted`, the alert, or the HTTP status; measured, and quoted in docs/revocation.md. */
type Answers = Readonly<Record<(typeof ocspIds)[number], string>>;

describeWith('nginx')('nginx with ssl_ocsp', () => {
  test.for(versions)('asks by GET and answers HTTP 400 to every client whose status is not good, over %s', async (version) => {
    await using server = await startNginx({ pki, version });

    expect(await answersOf(server, version, getAttempt)).toEqual({ methods: ['GET'], answers: all('HTTP 400') });
  });
});

describeWith('apache')('Apache with SSLOCSPEnable', () => {
  test.for(versions)('asks by POST and rejects every client whose status is not good, over %s', async (version) => {
    await using server = await startApache({ pki, version });

    expect(await answersOf(server, version, getAttempt)).toEqual({
      methods: ['POST'],
      answers: { ...all('handshake_failure'), 'ocsp-client-revoked': 'certificate_revoked' },
    });
  });
});

describeWith('java')('a server of Java with a PKIXRevocationChecker', () => {
  test.for(versions)('asks by GET and rejects every client whose status is not good, over %s', async (version) => {
    await using server = await startJava({ pki, version }, 'ocsp');

    expect(await answersOf(server, version, echoAttempt)).toEqual({ methods: ['GET'], answers: all('certificate_unknown') });
  });

  test.for(versions)('accepts where there is no status if it is to fail softly, over %s', async (version) => {
    await using server = await startJava({ pki, version }, 'ocsp-soft');

    expect(await answersOf(server, version, echoAttempt)).toEqual({
      methods: ['GET'],
      answers: { ...all('certificate_unknown'), 'ocsp-client-unknown': 'accepted', 'ocsp-client-responder-down': 'accepted' },
    });
  });
});

describeWith('openssl')('s_server of OpenSSL', () => {
  test('asks no responder, so that there is nothing to judge', async () => {
    await using server = await startOpenssl({ pki, version: 'TLSv1.3' });

    const result = await runScenario(clientScenario('ocsp-client-revoked'), { pki, target: server });

    expect(result, result.message).toMatchObject({ status: 'not-judged', unsuitable: true, handshake: { verdict: 'accepted' } });
    expect(result.common).toContain('no request came to the OCSP responder');
  });
});

/** What the catalogue comes to: each scenario after its control, which a server that rejects everything would not pass. */
async function answersOf(
  server: ServerProcess,
  version: ServerSetup['version'],
  attempt: (server: ServerProcess) => AttemptFunction,
): Promise<{ readonly methods: readonly string[]; readonly answers: Record<string, string> }> {
  const answers: Record<string, string> = {};
  const methods = new Set<string>();
  for (const id of ocspIds) {
    const { answer, message } = await answerTo(id, attempt(server), version);
    answers[id] = answer;
    methods.add(/asked by (?<method>GET|POST) and/u.exec(message)?.groups?.['method'] ?? message);
  }
  return { methods: [...methods], answers };
}

async function answerTo(
  id: string,
  attempt: AttemptFunction,
  version: TlsVersion,
): Promise<{ readonly answer: string; readonly message: string }> {
  let failure: Error | undefined;
  const watched: AttemptFunction = async (material) => {
    failure = undefined;
    try {
      await attempt(material);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  };
  const { status, message } = await runScenario(clientScenario(id), { pki, target: watched, version });
  if (status === 'not-judged') return { answer: message, message };
  return { answer: failure === undefined ? 'accepted' : (handshakeFailure(failure)?.alert ?? failure.message), message };
}

function all(answer: string): Answers {
  return Object.fromEntries(ocspIds.map((id) => [id, answer])) as Record<(typeof ocspIds)[number], string>; // of exactly these
}
