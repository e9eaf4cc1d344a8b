export { readSecret, SecretFormError } from './read-secret.ts';
export { type Enrolment, sealSecret } from './seal-secret.ts';
export { sameVault, vaultHash } from './vault-hash.ts';
export { type ViewRecipient, newViewRecipient, openViewKey } from './view-key.ts';
