/**
 * Runs in the page before its own code, and notes when things are drawn: the largest paint, the first frame with
 * candles after their answer, the first frame after a price. As text, because it runs in another world.
 */
export const watchPage = `(() => {
  const draws = [];
  const original = CanvasRenderingContext2D.prototype.fillRect;
  CanvasRenderingContext2D.prototype.fillRect = function (...rect) {
    draws.push(performance.now());
    return original.apply(this, rect);
  };
  let largestMs = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) largestMs = entry.startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  const streams = [];
  const Original = window.EventSource;
  window.EventSource = class extends Original {
    constructor(...words) { super(...words); streams.push(this); }
  };
  const price = (value) => {
    const at = new Date().toISOString();
    const data = JSON.stringify({ type: 'price', symbol: 'BTCUSDT', price: value.toFixed(2), at });
    for (const stream of streams) stream.dispatchEvent(new MessageEvent('message', { data }));
  };
  const frame = () => new Promise((resolve) => requestAnimationFrame(() => resolve()));
  /** A screen of candles is over a hundred rectangles; an empty chart draws a handful. */
  const SCREEN = 100;
  window.watched = {
    get largestMs() { return largestMs; },
    async candlesPainted() {
      for (;;) {
        const answer = performance.getEntriesByType('resource').find(({ name }) => name.includes('/candles?'));
        const after = answer === undefined ? [] : draws.filter((at) => at >= answer.responseEnd);
        if (after.length >= SCREEN) { await frame(); return after[SCREEN - 1] - answer.responseEnd; }
        await frame();
      }
    },
    /** Our page says how many the chart was given; the frame that follows draws them. */
    async candlesWhole(count) {
      const answer = performance.getEntriesByType('resource').find(({ name }) => name.includes('/candles?'));
      while (document.querySelector('[data-candles="' + count + '"]') === null) await frame();
      const given = performance.now();
      while (draws.filter((at) => at >= given).length < SCREEN) await frame();
      return draws.findLast(() => true) - answer.responseEnd;
    },
    async tick(value) {
      await frame();
      draws.length = 0;
      const at = performance.now();
      price(value);
      while (draws.length === 0) await frame();
      return draws[0] - at;
    },
    async flood(count) {
      for (let tick = 0; tick < count; tick++) {
        price(62_000 + (tick % 100) / 10);
        if (tick % 200 === 0) { await frame(); draws.length = 0; }
      }
      await frame();
      draws.length = 0;
      performance.clearResourceTimings();
    },
  };
})()`;
