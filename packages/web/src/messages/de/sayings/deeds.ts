/** What people and programs did, in German. */
import type { CodeOf } from '@counterfoil/api/sayings';

const request = `{request, select,
  start {zu starten}
  pause {zu pausieren}
  stop {anzuhalten}
  edit {andere Einstellungen anzunehmen}
  start_deal {einen Deal zu beginnen}
  close_deal {einen Deal zu schließen}
  cancel_deal {einen Deal abzubrechen}
  reduce_deal {einen Deal zu verkleinern}
  change_deal {die Ausstiege eines Deals zu ändern}
  convert_deal {einen Deal umzuwandeln}
  trail {nachzulaufen}
  add_funds {nachzukaufen}
  force_start {jetzt einzusteigen}
  close {zu schließen}
  cancel {seine Aufträge zurückzuziehen}
  reduce {sich zu verkleinern}
  other {seine Ausstiege zu ändern}}`;

const frozen =
  '{scope, select, connection {die Verbindung {connection}} user {alle Verbindungen des Arbeitsbereichs} other {alles}}';

const role = '{role, select, viewer {Betrachter} trader {Händler} other {Besitzer}}';

const effect =
  '{effect, select, inForce {gilt jetzt} waits {wartet auf ihre Zeit} other {braucht die Zustimmung per Passkey}}';

export const deeds: Readonly<Record<CodeOf<'deeds'>, string>> = {
  'account-made': `{who} hat ein Konto als ${role} angelegt.`,
  'bot-asked': `{who} hat „{name}“ gebeten, ${request}.`,
  'bot-made': '{who} hat den Bot „{name}“ angelegt.',
  'channel-made': '{who} lässt Hinweise an „{name}“ senden.',
  'channel-removed': '{who} lässt keine Hinweise mehr an „{name}“ senden.',
  'connection-made': '{who} hat den Tresor einen Schlüssel für {venue} machen lassen: „{name}“.',
  'connection-removed': '{who} hat „{name}“ entfernt: Der Schlüssel ist vernichtet, seine Geschichte bleibt.',
  'connection-rotated': '{who} hat den neuen Schlüssel von „{name}“ eingetragen; ab jetzt unterschreibt er.',
  'connection-sealed': '{who} hat dem Tresor einen versiegelten Schlüssel für {venue} übergeben: „{name}“.',
  'connection-successor':
    '{who} hat den Tresor den Schlüssel machen lassen, der den von „{name}“ ablösen soll.',
  'foreign-trade-answered':
    '{who} sagt zum Trade {trade} auf {symbol}: {answer, select, mine {Das war ich} other_app {eine andere App von mir} other {nicht ich}}.',
  frozen: `{who} hat ${frozen} eingefroren ({depth, select, everything {ganz} other {keine neuen Positionen}}).`,
  invited: `{who} hat {name} als ${role} eingeladen.`,
  'mandate-approved': `{who} hat den Grenzen „{name}“ zugestimmt (${effect}).`,
  'mandate-proposed': `{who} hat die Grenzen „{name}“ vorgeschlagen (${effect}).`,
  'member-removed': '{who} hat {name} aus dem Arbeitsbereich genommen.',
  'passkey-added': '{who} hat den Passkey „{name}“ hinzugefügt.',
  'passkey-removed': '{who} hat den Passkey „{name}“ entfernt.',
  recovered:
    '{who} hat das Konto mit dem gedruckten Schlüssel wiederhergestellt; alle echten Verbindungen sind eingefroren.',
  'role-changed': `{who} hat {name} zum ${role} gemacht.`,
  'signed-in': '{who} hat sich mit einem Passkey angemeldet.',
  'smart-trade-made': '{who} hat den SmartTrade „{name}“ angelegt.',
  thawed: `{who} hat ${frozen} aufgetaut.`,
  'token-made': `{who} hat das Programm „{name}“ als ${role} zugelassen.`,
  'token-removed': '{who} weist das Programm „{name}“ ab jetzt ab.',
  'vault-passkey-added': '{who} hat dem Tresor den Passkey „{name}“ zum Zustimmen gegeben.',
  'vault-passkey-removed': '{who} hat dem Tresor den Passkey „{name}“ zum Zustimmen genommen.',
};
