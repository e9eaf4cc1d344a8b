/** A key's own page: replacing and removing it. */
export const keys = {
  'key.what': 'This key',
  'key.made': 'Made',
  'key.checked': 'Last check',
  'key.public': 'Public half',
  'key.change': 'Open it to replace or remove it.',
  'key.none.here': 'There is no such key in this workspace.',
  'key.owner': 'Only an owner may replace or remove a key.',
  'key.trading': 'What trades with it',
  'key.trading.none': 'No bot and no SmartTrade uses it now.',
  'key.trading.orders':
    '{count, plural, =0 {No order of ours rests at the exchange.} one {# order of ours rests at the exchange or is on its way.} other {# orders of ours rest at the exchange or are on their way.}}',
  'replace.title': 'Replace the key',
  'replace.what':
    'The vault makes a new pair of keys. The old key signs until the new one is registered and checked; from then on the new one does.',
  'replace.bots':
    '{count, plural, =0 {Nothing trades with it now.} one {One bot or SmartTrade goes on without a pause.} other {# bots and SmartTrades go on without a pause.}}',
  'replace.orders':
    '{count, plural, =0 {No order is open.} one {One open order stays where it is: it belongs to the account, and the new key can cancel it.} other {# open orders stay where they are: they belong to the account, and the new key can cancel them.}}',
  'replace.receipts': 'The receipts of both keys are one history.',
  'replace.sealed': 'This key was pasted. The new one is made in the vault, so that there is no copy of it.',
  'replace.paper':
    'The paper exchange takes the new public half by itself, and takes nothing under the old key any more.',
  'replace.live': 'Afterwards delete the old key at the exchange: a copy of it would still work there.',
  'replace.do': 'Make the new key',
  'replace.done': 'Replaced. The new key signs from here on.',
  'replace.register': 'Register the new key at the exchange',
  'replace.unregistered': 'No exchange knows this key yet; there is nothing to replace.',
  'remove.title': 'Remove the key',
  'remove.what': 'The vault destroys the key. Nobody can bring it back.',
  'remove.bots': 'Bots made for it cannot be started again.',
  'remove.orders':
    '{count, plural, =0 {No order is open; one placed by other means would stay at the exchange, and nobody here could cancel it.} one {One open order stays at the exchange, and nobody here can cancel it any more.} other {# open orders stay at the exchange, and nobody here can cancel them any more.}}',
  'remove.history': 'Orders, fills and receipts stay, and can be checked as before.',
  'remove.exchange': 'Delete the key at the exchange too: a copy of it would still work there.',
  'remove.busy': 'These still trade with it: {names}. Stop them and close their deals first.',
  'remove.confirm': 'Type “{label}” to confirm',
  'remove.do': 'Destroy this key',
  'remove.done': 'Destroyed. Its history stays.',
} as const satisfies Readonly<Record<string, string>>;
