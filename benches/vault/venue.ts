/** A venue in Binance's form that costs as little as one can: it accepts every order and keeps none. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCertificates } from '../../packages/venues/src/paper/tls/certificates.ts';

const folder = mkdtempSync(join(tmpdir(), 'bench-vault-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
process.once('SIGTERM', () => process.exit(0));

let orders = 0;

const answers: Readonly<Record<string, object>> = {
  '/sapi/v1/account/apiRestrictions': {
    ipRestrict: true,
    enableReading: true,
    enableSpotAndMarginTrading: true,
    enableWithdrawals: false,
    enableInternalTransfer: false,
    permitsUniversalTransfer: false,
  },
  '/api/v3/depth': { bids: [['60000.00', '1000.0']], asks: [['60001.00', '1000.0']] },
  '/api/v3/ticker/24hr': { quoteVolume: '1000000000.0' },
};

function orderAnswer(body: string): object {
  const parameters = new URLSearchParams(body);
  return {
    symbol: parameters.get('symbol'),
    orderId: ++orders,
    orderListId: -1,
    clientOrderId: parameters.get('newClientOrderId'),
    transactTime: 1_767_225_600_000,
    price: '60000.00000000',
    origQty: '0.00100000',
    executedQty: '0.00000000',
    origQuoteOrderQty: '0.00000000',
    cummulativeQuoteQty: '0.00000000',
    status: 'NEW',
    timeInForce: 'GTC',
    type: 'LIMIT',
    side: 'BUY',
    fills: [],
  };
}

const { key, certificate, authority } = loadCertificates(folder, Date.now());
const server = createServer({ key, cert: certificate }, (request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => (body += chunk));
  request.on('end', () => {
    const [path = ''] = (request.url ?? '').split('?');
    const answer = JSON.stringify(answers[path] ?? orderAnswer(body));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
    response.end(answer);
  });
});
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  process.stdout.write(`${JSON.stringify({ port, authority })}\n`);
});
