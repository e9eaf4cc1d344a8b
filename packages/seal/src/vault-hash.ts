/** Which vault an enrolment belongs to: the hash that the terminal shows at the vault's start. */
import { vaultKeyBytes } from '@counterfoil/vocabulary';
import type { Enrolment } from './seal-secret.ts';

/** Lower-case hex of SHA-256 over the vault's three public keys. */
export async function vaultHash(enrolment: Enrolment): Promise<string> {
  const bytes = new Uint8Array(vaultKeyBytes(enrolment));
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Whether the enrolment comes from the vault whose hash the user knows. */
export async function sameVault(enrolment: Enrolment, known: string): Promise<boolean> {
  return (await vaultHash(enrolment)) === known.trim().toLowerCase();
}
