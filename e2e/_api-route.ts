import { type RouteName, routes } from '@counterfoil/api';

const known = Object.entries(routes).map(([name, { method, path }]) => ({
  name: name as RouteName,
  method,
  pattern: new RegExp(`^${path.replace(/:[a-zA-Z]+/gu, '[^/]+')}$`, 'u'),
  parts: path.split(':').length,
}));

/** Which route of the API a request is for, the one with the fewest parameters first; null where it is none. */
export function routeOf(method: string, url: string): RouteName | null {
  const { pathname } = new URL(url);
  const fitting = known.filter((route) => route.method === method && route.pattern.test(pathname));
  return fitting.toSorted((a, b) => a.parts - b.parts)[0]?.name ?? null;
}
