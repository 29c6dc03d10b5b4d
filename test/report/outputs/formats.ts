import { Ajv2020 } from 'ajv/dist/2020.js';

/** The errors of a document by a schema; null where there are none. */
export function errorsBy(schema: object, text: string): unknown {
  const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);
  validate(JSON.parse(text));
  return validate.errors ?? null;
}

const text = { type: 'string', minLength: 1 };
const whole = { type: 'integer', minimum: 0 };
const texts = { type: 'array', items: text };
const message = closed({ text }, ['text']);

/** What the Common Test Report Format 1.0 requires, of the members that are written; no others. */
export const ctrf = closed(
  {
    reportFormat: { const: 'CTRF' },
    specVersion: { const: '1.0.0' },
    timestamp: { type: 'string', pattern: String.raw`^\d{4}-\d\d-\d\dT[\d:.]+Z$` },
    generatedBy: text,
    results: closed(
      {
        tool: closed({ name: text, version: text }, ['name']),
        summary: closed(
          {
            tests: whole,
            passed: whole,
            failed: whole,
            skipped: whole,
            pending: whole,
            other: whole,
            suites: whole,
            start: whole,
            stop: whole,
          },
          ['tests', 'passed', 'failed', 'skipped', 'pending', 'other', 'start', 'stop'],
        ),
        tests: {
          type: 'array',
          items: closed(
            {
              name: text,
              status: { enum: ['passed', 'failed', 'skipped', 'pending', 'other'] },
              duration: whole,
              suite: { ...texts, minItems: 1 },
              message: text,
              trace: text,
              line: whole,
              rawStatus: text,
              tags: texts,
              type: text,
              filePath: text,
              retries: whole,
              flaky: { type: 'boolean' },
              extra: { type: 'object' },
            },
            ['name', 'status', 'duration'],
          ),
        },
      },
      ['tool', 'summary', 'tests'],
    ),
  },
  ['reportFormat', 'specVersion', 'results'],
);

const level = { enum: ['none', 'note', 'warning', 'error'] };

/** What SARIF 2.1.0 requires, and code scanning in addition, of the members that are written; no others. */
export const sarif = closed(
  {
    $schema: text,
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      items: closed(
        {
          tool: closed(
            {
              driver: closed(
                {
                  name: text,
                  semanticVersion: text,
                  rules: {
                    type: 'array',
                    uniqueItems: true,
                    items: closed(
                      {
                        id: text,
                        name: text,
                        shortDescription: message,
                        fullDescription: message,
                        help: message,
                        defaultConfiguration: closed({ level }, ['level']),
                        properties: { type: 'object', required: ['tags'], properties: { tags: { ...texts, uniqueItems: true } } },
                      },
                      ['id', 'shortDescription', 'fullDescription', 'help'],
                    ),
                  },
                },
                ['name', 'rules'],
              ),
            },
            ['driver'],
          ),
          automationDetails: closed({ id: text }, ['id']),
          columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
          invocations: {
            type: 'array',
            items: closed(
              {
                executionSuccessful: { type: 'boolean' },
                startTimeUtc: text,
                endTimeUtc: text,
                toolExecutionNotifications: { type: 'array', items: closed({ level, message }, ['message']) },
              },
              ['executionSuccessful'],
            ),
          },
          results: {
            type: 'array',
            items: closed(
              {
                ruleId: text,
                ruleIndex: whole,
                level,
                message,
                locations: {
                  type: 'array',
                  minItems: 1,
                  items: closed(
                    {
                      physicalLocation: closed(
                        {
                          artifactLocation: closed({ uri: { type: 'string', pattern: '^[^\\s\\\\<>"{}|^`]+$' }, uriBaseId: text }, ['uri']),
                          region: closed({ startLine: { type: 'integer', minimum: 1 } }, ['startLine']),
                        },
                        ['artifactLocation', 'region'],
                      ),
                      logicalLocations: { type: 'array', items: closed({ fullyQualifiedName: text, kind: text }, []) },
                    },
                    ['physicalLocation'],
                  ),
                },
                partialFingerprints: { type: 'object', minProperties: 1, additionalProperties: text },
                properties: { type: 'object' },
              },
              ['message', 'locations', 'partialFingerprints'],
            ),
          },
        },
        ['tool', 'results'],
      ),
    },
  },
  ['version', 'runs'],
);

function closed(properties: object, required: readonly string[]): object {
  return { type: 'object', additionalProperties: false, properties, required };
}
