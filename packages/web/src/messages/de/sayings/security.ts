/** What the cards of the security centre say, in German. */
import type { CodeOf } from '@counterfoil/api/sayings';

const sealed =
  'Der Tresor hat sich selbst abgeschlossen: kein Netz, keine Dateien, und andere Programme dieses Benutzers ' +
  'können seinen Speicher nicht lesen.';

export const security: Readonly<Record<CodeOf<'security'>, string>> = {
  'custody-keys':
    '{keys, plural, =0 {Kein Schlüssel im Tresor.} one {Ein Schlüssel im Tresor; von hier ist er nicht zu lesen.} other {# Schlüssel im Tresor; von hier ist keiner zu lesen.}}',
  'isolation-reached': `{isolation, select,
    L1 {Getrennte Programme; der Tresor hat kein Netz und keine selbst gewählten Dateien.}
    L2 {${sealed}}
    other {Der Tresor läuft unter einem eigenen Benutzer in eigenen Namensräumen.}}`,
  'isolation-leaves-open': `{isolation, select,
    L1 {Root auf diesem Rechner und anderen Programmen desselben Benutzers.}
    L2 {Root auf diesem Rechner.}
    other {Root auf diesem Rechner.}}`,
  'receipts-complete': 'Jede Nutzung eines Schlüssels hat ihren Beleg.',
  'receipts-missing':
    '{missing, plural, one {Eine Nutzung} other {# Nutzungen}} eines Schlüssels {missing, plural, one {hat} other {haben}} noch keinen Beleg.',
  'foreign-none':
    'Kein Trade an der Börse wartet auf Ihr Wort: Ein Auftrag dieses Tresors erklärt ihn, oder Sie haben geantwortet.',
  'foreign-found':
    '{trades, plural, one {Ein Trade} other {# Trades}} an der Börse, {trades, plural, one {den} other {die}} kein Auftrag dieses Tresors erklärt.',
  'passkeys-none': 'Kein Passkey: Wer an diesem Rechner sitzt, kann die Demo benutzen.',
  'passkeys-some':
    '{passkeys, plural, one {Ein Passkey} other {# Passkeys}} zum Anmelden; von {owners} nimmt der Tresor Zustimmungen an.',
  'phishing-unchecked': 'Links werden noch nicht geprüft.',
};
