/** The two HPKE suites of the vault (`vocabulary/src/enrolment.ts`), by WebCrypto. */
import {
  AEAD_AES_256_GCM,
  CipherSuite,
  KDF_HKDF_SHA256,
  KEM_DHKEM_P256_HKDF_SHA256,
  KEM_DHKEM_X25519_HKDF_SHA256,
} from 'hpke';
import type { SealSuite } from '@counterfoil/vocabulary';

export const suites: Readonly<Record<SealSuite, CipherSuite>> = {
  x25519: new CipherSuite(KEM_DHKEM_X25519_HKDF_SHA256, KDF_HKDF_SHA256, AEAD_AES_256_GCM),
  p256: new CipherSuite(KEM_DHKEM_P256_HKDF_SHA256, KDF_HKDF_SHA256, AEAD_AES_256_GCM),
};
