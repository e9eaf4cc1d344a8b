import { formatUnits } from '../core/units.ts';
import type { Routes } from './route.ts';
import { requestedMarket } from './route.ts';

const BIPS_PER_ONE = 10_000;
const commission = (bips: number): string => (bips / BIPS_PER_ONE).toFixed(8);

/** Products that the paper exchange does not have; clients ask for them before they trade spot. */
const nothing = { weight: 1, security: 'signed', permission: 'reading', answer: () => [] } as const;

/** Balances, permissions and fees of the calling account. */
export const accountRoutes: Routes = {
  'GET /api/v3/account': {
    weight: 20,
    security: 'signed',
    permission: 'reading',
    answer: (venue, parameters, { account, key }) => {
      const omitZero = parameters.optional('omitZeroBalances') === 'true';
      const balances = [...account.balances]
        .filter(([, { free, locked }]) => !omitZero || free + locked > 0n)
        .map(([asset, { free, locked }]) => ({
          asset,
          free: formatUnits(free),
          locked: formatUnits(locked),
        }));
      const [first] = venue.state.markets.values();
      const makerBips = first?.spec.makerFeeBips ?? 0;
      const takerBips = first?.spec.takerFeeBips ?? 0;
      return {
        makerCommission: makerBips,
        takerCommission: takerBips,
        buyerCommission: 0,
        sellerCommission: 0,
        commissionRates: {
          maker: commission(makerBips),
          taker: commission(takerBips),
          buyer: commission(0),
          seller: commission(0),
        },
        canTrade: key.permissions.spotTrading,
        canWithdraw: false,
        canDeposit: false,
        brokered: false,
        requireSelfTradePrevention: false,
        preventSor: false,
        updateTime: account.updatedAt,
        accountType: 'SPOT',
        balances,
        permissions: ['SPOT'],
        uid: account.id,
      };
    },
  },
  'GET /sapi/v1/account/apiRestrictions': {
    weight: 1,
    security: 'signed',
    permission: 'reading',
    answer: (_venue, _parameters, { key }) => ({
      ipRestrict: key.allowedIps.length > 0,
      createTime: key.createdAt,
      enableReading: key.permissions.reading,
      enableSpotAndMarginTrading: key.permissions.spotTrading,
      enableWithdrawals: key.permissions.withdrawals,
      enableInternalTransfer: false,
      enableMargin: false,
      enableFutures: false,
      permitsUniversalTransfer: false,
      enableVanillaOptions: false,
      enableFixApiTrade: false,
      enableFixReadOnly: false,
      enablePortfolioMarginTrading: false,
    }),
  },
  'GET /sapi/v1/capital/config/getall': nothing,
  'GET /sapi/v1/margin/allPairs': nothing,
  'GET /sapi/v1/margin/isolated/allPairs': nothing,
  'GET /sapi/v1/asset/tradeFee': {
    weight: 1,
    security: 'signed',
    permission: 'reading',
    answer: (venue, parameters) => {
      const markets = parameters.has('symbol')
        ? [requestedMarket(venue, parameters)]
        : [...venue.state.markets.values()];
      return markets.map(({ spec }) => ({
        symbol: spec.symbol,
        makerCommission: commission(spec.makerFeeBips),
        takerCommission: commission(spec.takerFeeBips),
      }));
    },
  },
};
