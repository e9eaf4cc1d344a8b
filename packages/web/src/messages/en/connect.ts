/** Connecting an exchange. */
export const connect = {
  'connect.title': 'Connect an exchange',
  'connect.choose': '1. How the key is made',
  'connect.way.vault-born': 'The vault makes a key pair. You give the exchange only the public half.',
  'connect.make': '2. Make the key',
  'connect.make.do': 'Make key pair',
  'connect.venue.paper': 'Paper exchange (built in)',
  'connect.venue': 'Exchange',
  'connect.type': 'Kind of key',
  'connect.label': 'Label',
  'connect.register': '3. Register it at the exchange',
  'connect.register.how':
    'Register this public key at the exchange, then paste the API key id that it shows.',
  'connect.taken': '3. Registered',
  'connect.taken.how':
    'The paper exchange took the public half of “{label}” by itself. The secret half is in the vault.',
  'connect.copy': 'Copy public key',
  'connect.permissions':
    'Allow reading and spot trading. Leave withdrawals off: a key that can withdraw is refused.',
  'connect.id': 'API key id',
  'connect.check': '4. Check',
  'connect.protects': 'What this protects, and what it does not',
  'connect.does.vault-born': 'The secret half was created inside the vault and has never left it.',
  'connect.doesnot.vault-born': 'Someone who takes over the vault machine could still use it.',
  'connect.does.sealed':
    'Your browser locked this secret for the vault before sending it. The web server carried a box that it cannot open.',
  'connect.doesnot.sealed':
    'You saw and pasted it: your clipboard, extensions and this page’s own code could have read it.',
  'connect.doesnot.all':
    'A compromised server can trade within your signed limits until it is noticed. Withdrawing cannot be expressed.',
  'connect.way.sealed':
    'You paste a key from the exchange; this browser locks it for the vault before sending.',
  'connect.seal': '2. Lock the key for the vault',
  'connect.seal.prefer':
    'Prefer a key made in the vault, or “npx counterfoil seal” in a terminal: this page comes from a server that could be altered.',
  'connect.secret': 'API secret or private key',
  'connect.seal.do': 'Lock it',
  'connect.locked': 'Locked. The web server cannot read it. Vault:',
  'connect.locked.compare': 'Compare the vault with what the terminal shows.',
  'connect.clipboard': 'Clear my clipboard',
} as const satisfies Readonly<Record<string, string>>;
