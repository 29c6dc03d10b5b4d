import type { Timed } from '../measure.ts';

/** Another way to mint certificates, as it is to be timed. */
export interface Peer {
  readonly name: string;
  /** Where the work is done: here, in a program that stays, or in a process for each call. */
  readonly runs: 'in this process' | 'in its own process' | 'a process a call';
  /** By what is minted; the reason where it cannot be. */
  readonly mints: { readonly [Work in MintingWork]: Timed | string };
  /** A P-256 leaf to be kept, for those that mint in this process. */
  readonly identity?: () => unknown;
  close?(): void;
}

/**
 * What is minted: a P-256 leaf with a new key of a CA that is there; a root, an intermediate and a leaf; an RSA leaf of 2,048 bits with a
 * new key; one for a key that is there. Names localhost, 127.0.0.1 and ::1; the result is PEM of certificate and key, wherever the peer can.
 */
export type MintingWork = 'leaf' | 'chain' | 'rsaLeaf' | 'rsaLeafOfKey';

/** Opens a peer with a folder to itself; undefined where it is not on this machine. */
export type OpenPeer = (folder: string) => Promise<Peer | undefined>;
