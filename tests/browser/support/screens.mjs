// The screens of the dashboard, by what stands behind "#/" in the address.
/** A market of the day with buys on both sides, a sale and a resolution. */
export const kBtc1015 = "btc-updown-15m-1765638900";
export const kScreens = {
  now: "#/now",
  market: `#/market/${kBtc1015}`,
  money: "#/money",
  postmortem: "#/postmortem",
  journal: "#/journal",
  health: "#/health",
  projections: "#/projections",
};
