/** Which kind of key the vault makes: for a first key and for one that replaces another. */
import { useSay } from '../../app/messages.ts';
import { Choice } from '../../parts/field.tsx';

const types = [
  { value: 'ed25519', label: 'Ed25519' },
  { value: 'rsa', label: 'RSA' },
] as const;

export type KeyType = (typeof types)[number]['value'];

export interface KeyTypeChoiceProps {
  readonly value: KeyType;
  readonly onChange: (value: KeyType) => void;
}

export function KeyTypeChoice({ value, onChange }: KeyTypeChoiceProps) {
  const say = useSay();
  return <Choice label={say('connect.type')} value={value} options={types} onChange={onChange} />;
}
