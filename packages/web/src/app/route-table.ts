/**
 * Method and path of every route. The build puts the finished table in this file's place, so that the contract's
 * schemas, half as large as the rest of the first page, stay out of it (`build/build.ts`).
 */
import { type RouteName, routes } from '@counterfoil/api';

interface Address {
  readonly method: string;
  readonly path: string;
}

export const routeTable = Object.fromEntries(
  Object.entries(routes).map(([name, { method, path }]) => [name, { method, path }]),
) as Readonly<Record<RouteName, Address>>;
