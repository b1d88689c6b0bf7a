// How many times slower a processor is made so that it plays a phone of the middle class.
//
// Lighthouse takes the processor for four times slower than it is, which is meant for a computer of 1,500 to
// 2,000 by its own measure; for others its docs/throttling.md asks to be calibrated. So a slower machine gets
// the factor that plays the same phone, and whoever uses it says which.
"use strict";

const FACTOR = 4;
const MEANT = 1750; // the middle of "high-end desktop", for which that factor is meant

const fitting = (index) => Math.min(FACTOR, Math.max(1, Math.round((FACTOR * index * 10) / MEANT) / 10));
const middle = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];

// Lighthouse's measure of the processor as a page has it that is slowed down by `rate`: the middle of five.
async function index(browser, rate) {
  const { pageFunctions } = await import(require.resolve("lighthouse/core/lib/page-functions.js"));
  const page = await browser.newPage();
  const wire = await page.context().newCDPSession(page);
  await wire.send("Emulation.setCPUThrottlingRate", { rate });
  const found = [];
  for (let run = 0; run < 5; run++) found.push(await page.evaluate(`(${pageFunctions.computeBenchmarkIndex})()`));
  await page.close();
  return middle(found);
}

// The factor for this machine.
const measured = async (browser) => fitting(await index(browser, 1));

// The same for pages that are really slowed down: a browser slows short work down by more than it is told to,
// so the measure is taken again under the factor, until it is that of the phone.
async function played(browser) {
  let rate = await measured(browser);
  for (let turn = 0; turn < 2; turn++) rate = fitting(rate * (await index(browser, rate)));
  return rate;
}

module.exports = { FACTOR, fitting, measured, middle, played };
