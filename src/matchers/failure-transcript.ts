import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Handshake } from '../handshake/verdict/handshake.ts';

/**
 * What a failing matcher prints about a handshake: its transcript, and the path of its capture. Captures go to `.vitest/captures` below the working directory, or to the folder that the
 * environment variable MTLS_FIXTURES_CAPTURES names; an empty value writes none. They hold the connection's secrets, not those of the certificates.
 */
export function failureTranscript(handshake: Handshake, testName: string | undefined): string {
  const capture = captured.get(handshake) ?? writeCapture(handshake, testName);
  if (capture !== undefined) captured.set(handshake, capture);
  return `${handshake.explain()}${capture === undefined ? '' : `\n  capture     ${capture} (Wireshark opens it decrypted)`}`;
}

/** A message may be asked for more than once. */
const captured = new WeakMap<Handshake, string>();

function writeCapture(handshake: Handshake, testName = 'handshake'): string | undefined {
  const folder = process.env['MTLS_FIXTURES_CAPTURES'] ?? path.join('.vitest', 'captures');
  if (folder === '') return undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = freePath(path.join(folder, fileName(testName)));
    handshake.writePcapng(file);
    return file;
  } catch {
    return undefined; // a disk that cannot be written must not hide why the test failed
  }
}

function fileName(testName: string): string {
  const words = testName.replaceAll(/[^\w.-]+/gu, '-').replaceAll(/^[-.]+|-+$/gu, '');
  return words.slice(-mostLetters) || 'handshake';
}

function freePath(stem: string): string {
  for (let number = 1; ; number += 1) {
    const file = `${stem}-${process.pid}-${number}.pcapng`;
    if (!existsSync(file)) return file;
  }
}

/** Of the test's name in the file's: the end of a long one tells more. */
const mostLetters = 100;
