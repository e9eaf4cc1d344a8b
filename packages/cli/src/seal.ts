/** `counterfoil seal`: takes an exchange's secret from the terminal to the vault that you know, and to no other. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { newViewRecipient, openViewKey, readSecret, sameVault, sealSecret } from '@counterfoil/seal';
import { readHidden } from '@counterfoil/wire/read-hidden';
import { userId, venueId } from '@counterfoil/vocabulary';
import type { GateResult } from '@counterfoil/vocabulary/protocol';
import { CommandError, UsageError } from './errors.ts';
import { homeFolder } from './home.ts';
import { type VaultLink, openVault } from './vault-link.ts';

const HELP = `Seals a secret of an exchange to your vault. The terminal does not show it, and no page sees it.

Usage: npx counterfoil seal --vault HASH --venue VENUE --api-key-id ID [options]

  --vault HASH      your vault, as the terminal showed it at the start; another one gets nothing
  --venue VENUE     where the key is from
  --api-key-id ID   the public part of the key
  --user USER       whose it is (default: demo)
  --label TEXT      what you call it
  --view FILE       where the key that reads its receipts goes (default: ./CONNECTION.view.json)
  --home DIR        data folder

Prefer keys that are made in the vault: a pasted secret existed on your computer and exists at the exchange.
`;

export async function seal(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      vault: { type: 'string' },
      venue: { type: 'string' },
      'api-key-id': { type: 'string' },
      user: { type: 'string', default: 'demo' },
      label: { type: 'string', default: '' },
      view: { type: 'string' },
      home: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const { vault, venue, 'api-key-id': apiKeyId, user, label, view } = values;
  if (vault === undefined || venue === undefined || apiKeyId === undefined)
    throw new UsageError('say --vault, --venue and --api-key-id');
  const about = { user: userId.parse(user), venue: venueId.parse(venue), label };
  const link = await openVault(homeFolder(values.home));
  try {
    const { connection, viewKey } = await enrol(link, vault, about, apiKeyId);
    const file = view ?? join(process.cwd(), `${connection}.view.json`);
    const content = { venue, apiKeyId, epoch: 0, viewKey: Buffer.from(viewKey).toString('hex') };
    writeFileSync(file, `${JSON.stringify(content)}\n`, { mode: 0o600 });
    const checked = await link.ask({ kind: 'keyCheck', connection, apiKeyId: null });
    if (checked.kind !== 'permissions') {
      process.stdout.write(`${sentenceOf(checked)}\n`);
      return 1;
    }
    process.stdout.write(`connection ${connection}\ngrade      ${checked.grade}\nview key   ${file}\n`);
    return 0;
  } finally {
    link.close();
  }
}

type About = Parameters<typeof sealSecret>[1] & {
  readonly user: ReturnType<typeof userId.parse>;
  readonly venue: ReturnType<typeof venueId.parse>;
};

async function enrol(link: VaultLink, known: string, about: About, apiKeyId: string) {
  const enrolment = await link.ask({ kind: 'enrolBegin', ...about });
  if (enrolment.kind !== 'enrolment') throw new CommandError(sentenceOf(enrolment));
  // Before the secret is asked for: what was not typed cannot go astray.
  if (!(await sameVault(enrolment, known)))
    throw new CommandError('this is not the vault that you named; nothing was read and nothing was sent.');
  const { type, secret } = readSecret(await readHidden(process.stdin, 'Secret (not shown): '));
  const recipient = await newViewRecipient();
  const parts = { type, secret, apiKeyId: Buffer.from(apiKeyId), viewRecipient: recipient.publicKey };
  const made = await link.ask({
    kind: 'keySeal',
    blob: await sealSecret(enrolment, about, parts),
    assertion: null,
  });
  if (made.kind !== 'key' || made.viewKeySealed === null) throw new CommandError(sentenceOf(made));
  const { connection, viewKeySealed } = made;
  const viewKey = await openViewKey(recipient, { vaultId: enrolment.vaultId, connection }, viewKeySealed);
  return { connection, viewKey };
}

function sentenceOf(result: GateResult): string {
  return result.kind === 'refused' ? result.sentence : 'the vault answered something else; nothing was done.';
}
