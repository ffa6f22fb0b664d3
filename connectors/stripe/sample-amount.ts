// Source: docs.stripe.com/currencies. Stripe counts ISK and UGX in hundredths although they have none.
const withoutDecimals = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '));
const withThreeDecimals = new Set('bhd jod kwd omr tnd'.split(' '));

/** An example price in a currency's smallest unit, and how people write it. */
export function sampleAmount(currency: string): { units: number; shown: string } {
  const decimals = withoutDecimals.has(currency) ? 0 : withThreeDecimals.has(currency) ? 3 : 2;
  const units = decimals === 3 ? 13_000 : 1300;
  const shown = `${(units / 10 ** decimals).toFixed(decimals)} ${currency.toUpperCase()}`;
  return { units, shown: decimals === 3 ? `${shown}, and the last digit is always 0` : shown };
}
