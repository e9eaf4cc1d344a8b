/** A named part of the page's address, such as `bot` of `/bots/$bot`. */
import { useParams } from '@tanstack/react-router';

/** Throws where the address has no such part: then the page stands at an address that the router does not give it. */
export function usePathPart(name: string): string {
  // Pages are loaded by the route table, so its types cannot be asked from within them.
  const parts: unknown = useParams({ strict: false });
  const part: unknown = Object.entries(parts as object).find(([key]) => key === name)?.[1];
  if (typeof part !== 'string') throw new Error(`the address has no ${name}`);
  return part;
}
