import { execFileSync } from 'node:child_process';
import type { ReportOrigin } from '../report.ts';
import { visible } from '../words.ts';

/** Reads the variables of GitHub, GitLab, Jenkins, Azure, CircleCI and Buildkite, and asks `git` for what they do not say. */
export function reportOrigin(root: string, environment: NodeJS.ProcessEnv = process.env): ReportOrigin {
  const read = variablesOf(environment);
  const service = services.find(({ sign }) => read(sign) !== undefined);
  const { commit, branch, job, url } = service?.read(read) ?? {};
  return known({
    commit: commit ?? askGit(root, ['rev-parse', '--verify', 'HEAD']),
    branch: branch?.replace(/^(?:refs\/heads|origin)\//u, '') ?? askGit(root, ['symbolic-ref', '--short', 'HEAD']),
    ci: service && { service: service.name, ...known({ job, url: safeUrl(url) }) },
  });
}

/** A URL without user, password and query, which may hold a token; of the query, the number of a build stays. Undefined where it is not of the web. */
export function safeUrl(text: string | undefined): string | undefined {
  const url = text === undefined ? null : URL.parse(text);
  if (!url || !/^https?:$/u.test(url.protocol)) return undefined;
  const build = url.searchParams.get('buildId');
  return `${url.origin}${url.pathname}${build === null ? '' : `?buildId=${encodeURIComponent(build)}`}`;
}

type Read = (...names: readonly string[]) => string | undefined;

interface Service {
  readonly name: string;
  /** The variable that every job of it has. */
  readonly sign: string;
  read(read: Read): { readonly commit?: Found; readonly branch?: Found; readonly job?: Found; readonly url?: Found };
}

type Found = string | undefined;

/** The first of these variables that has a value, short, and without the credentials of a URL in it. */
function variablesOf(environment: NodeJS.ProcessEnv): Read {
  return (...names) => {
    const value = names.map((name) => environment[name]).find((text) => text !== undefined && text !== '');
    return value === undefined ? undefined : visible(value.replaceAll(/(:\/\/)[^/@\s]*@/gu, '$1')).slice(0, longestText);
  };
}

function askGit(root: string, question: readonly string[]): string | undefined {
  try {
    const answer = execFileSync('git', question, {
      cwd: root,
      encoding: 'utf8',
      timeout: 5000,
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    return answer === '' ? undefined : visible(answer).slice(0, longestText);
  } catch {
    return undefined; // without git, outside of a repository, or with a detached head
  }
}

function joined(separator: string, parts: readonly Found[]): Found {
  return parts.filter((part) => part !== undefined).join(separator) || undefined;
}

function known<Values extends object>(values: Values): { [Key in keyof Values]?: NonNullable<Values[Key]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Values]?: NonNullable<Values[Key]>;
  }; // the same keys, where they have a value
}

/** As each service documents its variables. */
const services: readonly Service[] = [
  {
    name: 'GitHub Actions',
    sign: 'GITHUB_ACTIONS',
    read: (read) => ({
      commit: read('GITHUB_SHA'),
      branch: read('GITHUB_HEAD_REF', 'GITHUB_REF_NAME'), // the first is that of a pull request
      job: joined(' / ', [read('GITHUB_WORKFLOW'), read('GITHUB_JOB')]),
      url: joined('/', [read('GITHUB_SERVER_URL'), read('GITHUB_REPOSITORY'), 'actions/runs', read('GITHUB_RUN_ID')]),
    }),
  },
  {
    name: 'GitLab CI',
    sign: 'GITLAB_CI',
    read: (read) => ({
      commit: read('CI_COMMIT_SHA'),
      branch: read('CI_MERGE_REQUEST_SOURCE_BRANCH_NAME', 'CI_COMMIT_REF_NAME'),
      job: read('CI_JOB_NAME'),
      url: read('CI_JOB_URL'),
    }),
  },
  {
    name: 'Azure Pipelines',
    sign: 'TF_BUILD',
    read: (read) => ({
      commit: read('BUILD_SOURCEVERSION'),
      branch: read('SYSTEM_PULLREQUEST_SOURCEBRANCH', 'BUILD_SOURCEBRANCH'),
      job: joined(' / ', [read('BUILD_DEFINITIONNAME'), read('SYSTEM_JOBDISPLAYNAME')]),
      url: azureUrl(read),
    }),
  },
  {
    name: 'CircleCI',
    sign: 'CIRCLECI',
    read: (read) => ({
      commit: read('CIRCLE_SHA1'),
      branch: read('CIRCLE_BRANCH'),
      job: read('CIRCLE_JOB'),
      url: read('CIRCLE_BUILD_URL'),
    }),
  },
  {
    name: 'Buildkite',
    sign: 'BUILDKITE',
    read: (read) => ({
      commit: read('BUILDKITE_COMMIT'),
      branch: read('BUILDKITE_BRANCH'),
      job: joined(' / ', [read('BUILDKITE_PIPELINE_SLUG'), read('BUILDKITE_LABEL')]),
      url: read('BUILDKITE_BUILD_URL'),
    }),
  },
  {
    name: 'Jenkins',
    sign: 'JENKINS_URL',
    read: (read) => ({
      commit: read('GIT_COMMIT'),
      branch: read('CHANGE_BRANCH', 'BRANCH_NAME', 'GIT_BRANCH'),
      job: joined(' #', [read('JOB_NAME'), read('BUILD_NUMBER')]),
      url: read('BUILD_URL'),
    }),
  },
];

function azureUrl(read: Read): Found {
  const [collection, project, build] = [read('SYSTEM_COLLECTIONURI'), read('SYSTEM_TEAMPROJECT'), read('BUILD_BUILDID')];
  if (collection === undefined || project === undefined || build === undefined) return undefined;
  return `${collection}${encodeURIComponent(project)}/_build/results?buildId=${build}`;
}

const longestText = 200;
