import type { FileDamage } from '../../../pki/files/damage.ts';
import type { ServerFileDamage } from '../../../pki/files/server-files.ts';
import type { ReloadScenarioId } from '../ids/reload-ids.ts';
import { accepted, rejectedBy } from '../protocol-definition.ts';
import { forReloads, type ReloadDefinition } from './reload-definition.ts';
import type { ReloadScenario } from './reload-scenario.ts';

/** Files that cannot be used: the server keeps what it has, or does not start. */
export const damagedFiles = (): readonly ReloadScenario[] =>
  forReloads(
    'reload',
    failed('after-failed-reload-key-truncated', 'key', 'truncated'),
    failed('after-failed-reload-key-of-another', 'key', 'key-of-another'),
    failed('after-failed-reload-key-empty', 'key', 'empty'),
    failed('after-failed-reload-key-missing', 'key', 'missing'),
    failed('after-failed-reload-key-unreadable', 'key', 'unreadable'),
    failed('after-failed-reload-certificate-truncated', 'cert', 'truncated'),
    failed('after-failed-reload-certificate-missing', 'cert', 'missing'),
    failed('after-failed-reload-ca-truncated', 'ca', 'truncated'),
    failed('after-failed-reload-ca-empty', 'ca', 'empty'),
    failed('after-failed-reload-ca-missing', 'ca', 'missing'),
    failed('after-failed-reload-ca-unreadable', 'ca', 'unreadable'),
    failed('after-failed-reload-crl-truncated', 'crl', 'truncated'),
    failed('after-failed-reload-crl-empty', 'crl', 'empty'),
    failed('after-failed-reload-crl-missing', 'crl', 'missing'),
    {
      id: 'ca-garbage-at-start',
      title: 'every client, where the server is started with a file of trust anchors that cannot be used',
      differs: 'the file of trust anchors is cut off, empty, or not there when the server starts',
      tier: 'core',
      references: [],
      cves: ['CVE-2026-27586', 'CVE-2024-1351'],
      cwes: ['CWE-295'],
      severity: 'critical',
      trial: { kind: 'start', damaged: damages('ca') },
      expected: rejectedBy('server'),
    },
    {
      id: 'crl-unusable-configured',
      title: 'every client, where the server is started with a file of CRLs that cannot be used',
      differs: 'the file of CRLs is cut off, empty, or not there when the server starts',
      tier: 'core',
      references: [],
      cves: ['CVE-2026-53434'],
      cwes: ['CWE-299'],
      severity: 'high',
      needsCrl: true,
      trial: { kind: 'start', damaged: damages('crl') },
      expected: rejectedBy('server'),
    },
  );

function failed(id: ReloadScenarioId, file: ServerFileDamage['file'], damage: FileDamage): ReloadDefinition {
  return {
    id,
    title: `the valid client, and no other, where the ${fileNames[file]} ${damageWords[damage]} at a reload`,
    differs: `the server is to reload a ${fileNames[file]} that ${damageWords[damage]}`,
    tier: 'core',
    references: [],
    cwes: file === 'crl' ? ['CWE-299', 'CWE-636'] : ['CWE-636'],
    severity: file === 'crl' ? 'high' : 'critical',
    ...(file === 'crl' && { needsCrl: true }),
    trial: { kind: 'failed-reload', damaged: { file, damage } },
    expected: accepted,
  };
}

function damages(file: ServerFileDamage['file']): readonly ServerFileDamage[] {
  return (['truncated', 'empty', 'missing'] as const).map((damage) => ({ file, damage }));
}

const fileNames: Readonly<Record<ServerFileDamage['file'], string>> = {
  key: 'key file',
  cert: 'certificate file',
  ca: 'file of trust anchors',
  crl: 'file of CRLs',
};

const damageWords: Readonly<Record<FileDamage, string>> = {
  truncated: 'is cut off',
  'key-of-another': 'does not fit the certificate',
  empty: 'is empty',
  missing: 'is not there',
  unreadable: 'cannot be read',
};
