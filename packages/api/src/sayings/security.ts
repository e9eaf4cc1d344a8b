/** What the cards of the security centre say. */
export const security = {
  'custody-keys': ['keys'],
  'isolation-reached': ['isolation'],
  'isolation-leaves-open': ['isolation'],
  'receipts-complete': [],
  'receipts-missing': ['missing'],
  'foreign-none': [],
  'foreign-found': ['trades'],
  'passkeys-none': [],
  'passkeys-some': ['passkeys', 'owners'],
  'phishing-unchecked': [],
} as const;
