/** Which page stands at which address. Pages other than the first are fetched when they are opened. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Home } from '../pages/home.tsx';
import { Broken, Loading, NotFound } from '../parts/states.tsx';
import { Frame } from './frame.tsx';
import { speakInFull } from './spoken.ts';

/** A page that says more than the first one does, with the words for it. */
async function inFull<Page>(page: Promise<Page>): Promise<Page> {
  await speakInFull();
  return page;
}

const root = createRootRoute({ component: Frame, notFoundComponent: NotFound });
const under = { getParentRoute: () => root } as const;

const routeTree = root.addChildren([
  createRoute({ ...under, path: '/', component: Home }),
  createRoute({
    ...under,
    path: '/welcome',
    component: lazyRouteComponent(() => import('../pages/welcome/welcome.tsx'), 'Welcome'),
  }),
  createRoute({
    ...under,
    path: '/bots',
    component: lazyRouteComponent(() => import('../pages/bots/bots.tsx'), 'Bots'),
  }),
  createRoute({
    ...under,
    path: '/bots/new',
    component: lazyRouteComponent(() => inFull(import('../pages/wizard/wizard.tsx')), 'Wizard'),
  }),
  createRoute({
    ...under,
    path: '/trade',
    component: lazyRouteComponent(() => inFull(import('../pages/trade/trade.tsx')), 'Trade'),
  }),
  createRoute({
    ...under,
    path: '/backtests',
    component: lazyRouteComponent(() => inFull(import('../pages/backtests/backtests.tsx')), 'Backtests'),
  }),
  createRoute({
    ...under,
    path: '/receipts',
    component: lazyRouteComponent(() => import('../pages/receipts/receipts.tsx'), 'Receipts'),
  }),
  createRoute({
    ...under,
    path: '/security',
    component: lazyRouteComponent(() => inFull(import('../pages/security/security.tsx')), 'Security'),
  }),
  createRoute({
    ...under,
    path: '/connect',
    component: lazyRouteComponent(() => inFull(import('../pages/connect/connect.tsx')), 'Connect'),
  }),
  createRoute({
    ...under,
    path: '/not-me/$trade',
    component: lazyRouteComponent(() => inFull(import('../pages/not-me/not-me.tsx')), 'NotMe'),
  }),
  createRoute({
    ...under,
    path: '/connections/$connection',
    component: lazyRouteComponent(
      () => inFull(import('../pages/connection/connection-page.tsx')),
      'ConnectionPage',
    ),
  }),
  createRoute({
    ...under,
    path: '/settings',
    component: lazyRouteComponent(() => inFull(import('../pages/settings/settings.tsx')), 'Settings'),
  }),
  createRoute({
    ...under,
    path: '/bots/$bot',
    component: lazyRouteComponent(() => import('../pages/bot/bot-page.tsx'), 'BotPage'),
  }),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultErrorComponent: Broken,
  defaultPendingComponent: Loading,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
