/** What a freeze covers, and which of two is deeper. */
import type { FreezeScope } from '@counterfoil/vocabulary/protocol';
import type { Depth } from './standing.ts';

export const rank = (depth: Depth | null): number =>
  depth === null ? 0 : depth === 'noNewPositions' ? 1 : 2;

export function covers(
  scope: FreezeScope,
  key: { readonly connection: string; readonly user: string },
): boolean {
  if (scope.kind === 'connection') return scope.connection === key.connection;
  return scope.kind === 'everything' || scope.user === key.user;
}

export function isSame(a: FreezeScope, b: FreezeScope): boolean {
  return scopeText(a) === scopeText(b);
}

export function scopeText(scope: FreezeScope): string {
  if (scope.kind === 'everything') return 'everything';
  return scope.kind === 'connection' ? `connection/${scope.connection}` : `user/${scope.user}`;
}
