/** Who makes a request, and in which workspace. */
import type { Role } from '@counterfoil/api';

export interface Caller {
  /** `installation`: holds the data folder's token. `demo`: no account exists, and the caller is on this machine. */
  readonly kind: 'anonymous' | 'demo' | 'account' | 'token' | 'installation';
  /** The workspace, which owns everything that the caller may see; null for nobody. */
  readonly owner: string | null;
  readonly role: Role | null;
  readonly account: { readonly id: string; readonly name: string } | null;
  /** Of the session, where there is one. */
  readonly session: string | null;
  /** What the activity calls the caller. */
  readonly name: string;
  readonly address: string;
}

/** A caller with a workspace: what every handler of a route with a role is given. */
export interface Member extends Caller {
  readonly owner: string;
  readonly role: Role;
}

export function anonymous(address: string): Caller {
  return {
    kind: 'anonymous',
    owner: null,
    role: null,
    account: null,
    session: null,
    name: 'nobody',
    address,
  };
}
