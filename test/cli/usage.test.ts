import { describe, expect, test } from 'vitest';
import { folder, shell } from './shell.ts';

test.for<[args: string, message: string]>([
  ['prob', 'Cannot use command "prob": expected one of demo, pki, serve, relay, inspect, probe, scenarios; did you mean "probe"?'],
  ['serve --prot 1', 'Cannot use option "--prot": expected one of --pki, --port, --host'],
  ['serve --port', 'Cannot use --port "": expected a value: '],
  ['serve --port 70000', 'Cannot use --port "70000": expected a port from 0 to 65535'],
  ['serve --port -1', 'Cannot use --port "-1": expected a port'],
  ['serve --client-auth requir', 'Cannot use --client-auth "requir": expected one of require, request, none; did you mean "require"?'],
  ['serve --host ""', 'Cannot use --host "": expected an address of this machine'],
  ['serve --count 1.5', 'Cannot use --count "1.5": expected a number of handshakes from 1'],
  ['demo one', 'Cannot use argument "one": expected none'],
  ['scenarios one two', 'Cannot use argument "two": expected no more than 1'],
  ['scenarios --tier cor', 'Cannot use --tier "cor": expected one of core, control, extended, varies, app; did you mean "core"?'],
  ['pki', 'Cannot use <dir> "": expected a value: a folder that does not exist yet'],
  ['pki new --days 0', 'Cannot use --days "0": expected a number of days from 1 to 3650'],
  ['inspect', 'Cannot use <file | host:port> "": expected a value: PEM or DER'],
  ['inspect x --starttls htp', 'Cannot use --starttls "htp": expected one of postgres, '],
  ['inspect x --servername mail.test', 'Cannot use --servername "mail.test": expected host:port beside it, not the file "x"'],
  ['probe localhost:1', 'Cannot use --pki "": expected a value: '],
  ['probe localhost:1 --pki x --tls 1.1', 'Cannot use --tls "1.1": expected one of 1.3, 1.2'],
  ['probe localhost:1 --pki x --http index', 'Cannot use --http "index": expected a path such as /'],
  ['probe localhost:1 --pki x --junit ""', 'Cannot use --junit "": expected the name of a file, or -'],
  ['probe localhost:1 --pki x --servername "a b"', 'Cannot use --servername "a b": expected a host name'],
  ['probe localhost:1 --pki x --only expired-lef', 'Cannot use --only "expired-lef": expected the id of a scenario, such as expired-leaf,'],
  ['probe localhost:1 --pki x --only valid --skip valid', 'Cannot use --skip "valid": expected ids that leave some scenario'],
  [
    'probe localhost:1 --pki "no such"',
    'Cannot use --pki "no such": expected a folder that `mtls-fixtures pki <dir>` of this version wrote',
  ],
])('%s is one line with the value, a code, and what is expected', async ([args, message]) => {
  const { code, output, complaint } = await shell(`mtls ${args}`, folder());

  expect(complaint).toMatch(/^Cannot [^\n]+ \(OPTION_INVALID\)\n$/u);
  expect(complaint).toContain(message);
  expect([code, output]).toEqual([2, '']);
});

describe.for(['', 'demo', 'pki', 'serve', 'inspect', 'probe', 'scenarios'])('the help of the command "%s"', (command) => {
  test('keeps within the columns, and breaks no word', async () => {
    const wide = await shell(`COLUMNS=400 mtls ${command} --help`, folder());

    for (const columns of [60, 80, 100]) {
      const { output, code } = await shell(`COLUMNS=${columns} mtls ${command} --help`, folder());
      expect(code).toBe(0);
      expect(output.split('\n').filter((line) => line.length > columns)).toEqual([]);
      expect(wordsOf(output)).toEqual(wordsOf(wide.output));
    }
  });

  test('shows values as they are written in a command, not as JSON', async () => {
    const { output } = await shell(`mtls ${command} --help`, folder());

    expect(output).not.toMatch(/\(default: ["[]|choices: "/u);
  });
});

/** Without the mark of a command that continues on the next line. */
function wordsOf(help: string): readonly string[] {
  return help.split(/\s+/u).filter((word) => word !== '' && word !== '\\');
}
