import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportOrigin, safeUrl } from '../../../src/report/facts/origin.ts';
import { hasGit } from '../../support/has-git.ts';

let outside: string;
beforeAll(() => {
  outside = mkdtempSync(path.join(tmpdir(), 'origin-'));
});
afterAll(() => rmSync(outside, { recursive: true }));

const commit = '0123456789abcdef0123456789abcdef01234567';

test.for([
  [
    'GitHub Actions',
    {
      GITHUB_ACTIONS: 'true',
      GITHUB_SHA: commit,
      GITHUB_REF_NAME: '12/merge',
      GITHUB_HEAD_REF: 'fix-expiry',
      GITHUB_WORKFLOW: 'ci',
      GITHUB_JOB: 'tls',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'acme/orders',
      GITHUB_RUN_ID: '7',
    },
    { job: 'ci / tls', url: 'https://github.com/acme/orders/actions/runs/7' },
  ],
  [
    'GitLab CI',
    {
      GITLAB_CI: 'true',
      CI_COMMIT_SHA: commit,
      CI_COMMIT_REF_NAME: 'fix-expiry',
      CI_JOB_NAME: 'tls',
      CI_JOB_URL: 'https://gitlab.com/acme/orders/-/jobs/7',
    },
    { job: 'tls', url: 'https://gitlab.com/acme/orders/-/jobs/7' },
  ],
  [
    'Jenkins',
    {
      JENKINS_URL: 'https://ci.test/',
      GIT_COMMIT: commit,
      GIT_BRANCH: 'origin/fix-expiry',
      JOB_NAME: 'orders',
      BUILD_NUMBER: '7',
      BUILD_URL: 'https://admin:hunter2@ci.test/job/orders/7/?token=hunter2#hunter2',
    },
    { job: 'orders #7', url: 'https://ci.test/job/orders/7/' },
  ],
  [
    'Azure Pipelines',
    {
      TF_BUILD: 'True',
      BUILD_SOURCEVERSION: commit,
      BUILD_SOURCEBRANCH: 'refs/heads/fix-expiry',
      BUILD_DEFINITIONNAME: 'orders',
      SYSTEM_JOBDISPLAYNAME: 'tls',
      SYSTEM_COLLECTIONURI: 'https://dev.azure.com/acme/',
      SYSTEM_TEAMPROJECT: 'orders and more',
      BUILD_BUILDID: '7',
    },
    { job: 'orders / tls', url: 'https://dev.azure.com/acme/orders%20and%20more/_build/results?buildId=7' },
  ],
  [
    'CircleCI',
    {
      CIRCLECI: 'true',
      CIRCLE_SHA1: commit,
      CIRCLE_BRANCH: 'fix-expiry',
      CIRCLE_JOB: 'tls',
      CIRCLE_BUILD_URL: 'https://circleci.com/gh/acme/orders/7',
    },
    { job: 'tls', url: 'https://circleci.com/gh/acme/orders/7' },
  ],
  [
    'Buildkite',
    {
      BUILDKITE: 'true',
      BUILDKITE_COMMIT: commit,
      BUILDKITE_BRANCH: 'fix-expiry',
      BUILDKITE_PIPELINE_SLUG: 'orders',
      BUILDKITE_LABEL: 'tls',
      BUILDKITE_BUILD_URL: 'https://buildkite.com/acme/orders/builds/7',
    },
    { job: 'orders / tls', url: 'https://buildkite.com/acme/orders/builds/7' },
  ],
] as const)('a job of %s is named, with its commit and branch', ([service, environment, job]) => {
  expect(reportOrigin(outside, environment)).toEqual({ commit, branch: 'fix-expiry', ci: { service, ...job } });
});

test('variables that are missing are left out, and credentials in those that are there too', () => {
  const ci = { service: 'GitLab CI', job: 'clone https://gitlab.com/x' };

  expect(reportOrigin(outside, { GITLAB_CI: 'true', CI_JOB_NAME: 'clone https://ci:hunter2@gitlab.com/x', CI_JOB_URL: 'no URL' })).toEqual({
    ci,
  });
});

describe('without a CI service', () => {
  test.skipIf(!hasGit)('git names the commit and the branch', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'repository-'));
    const git = (...options: readonly string[]): string => execFileSync('git', ['-C', folder, ...options], { encoding: 'utf8' });
    git('init', '--quiet', '--initial-branch=fix-expiry');
    git('-c', 'user.name=a', '-c', 'user.email=a@b.test', 'commit', '--quiet', '--allow-empty', '--message=first');
    const head = git('rev-parse', 'HEAD').trim();

    expect(reportOrigin(folder, {})).toEqual({ commit: head, branch: 'fix-expiry' });
    git('checkout', '--quiet', '--detach');
    expect(reportOrigin(folder, {})).toEqual({ commit: head });
    rmSync(folder, { recursive: true });
  });

  test('nothing is known outside of a repository', () => {
    expect(reportOrigin(outside, {})).toEqual({});
  });
});

test.for([
  ['https://user:password@ci.test:8443/a?token=x&buildId=7#y', 'https://ci.test:8443/a?buildId=7'],
  ['javascript:alert(1)', undefined],
  ['file:///etc/passwd', undefined],
  ['', undefined],
] as const)('of the address %j is kept %j', ([text, kept]) => {
  expect(safeUrl(text)).toBe(kept);
});
