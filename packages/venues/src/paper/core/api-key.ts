/**
 * What a key may do. `withdrawals` is only ever told, in `apiRestrictions`: the paper exchange has nothing that
 * could leave it, but a client that must refuse keys with too much power needs one to refuse.
 */
export interface KeyPermissions {
  readonly reading: boolean;
  readonly spotTrading: boolean;
  readonly withdrawals: boolean;
}

/**
 * One registered API key. For the asymmetric kinds the exchange holds the public half only, as PEM; for `hmac`
 * it holds the shared secret, as every exchange must.
 */
export interface ApiKey {
  readonly id: string;
  readonly account: number;
  readonly credential:
    | { readonly kind: 'ed25519'; readonly publicKeyPem: string }
    | { readonly kind: 'rsa'; readonly publicKeyPem: string }
    | { readonly kind: 'hmac'; readonly secret: Uint8Array };
  readonly permissions: KeyPermissions;
  /** Addresses that may use the key; empty for any. */
  readonly allowedIps: readonly string[];
  readonly isRevoked: boolean;
  readonly createdAt: number;
}
