// The npm package google-spreadsheet as its README shows it: find the row, set a cell, row.save(). A peer for the chaos
// run, not to be tuned. Reads one JSON order a line, answers each with one line: {"ok": true} or {"error": "..."}.
import { createInterface } from 'node:readline';
import { readFileSync } from 'node:fs';
import { localFetch } from '../../tests/localsheets/clients/elsewhere.mjs';
import { GoogleSpreadsheet } from 'google-spreadsheet';
import { JWT } from 'google-auth-library';

const key = JSON.parse(readFileSync(process.env.SHEETS_KEY, 'utf8'));
const auth = new JWT({
  email: key.client_email, key: key.private_key, scopes: ['https://www.googleapis.com/auth/spreadsheets'],
  transporterOptions: { fetchImplementation: localFetch },
});
let sheet;

const orders = {
  async open({ spreadsheet, title }) {
    const doc = new GoogleSpreadsheet(spreadsheet, auth);
    await doc.loadInfo();
    sheet = doc.sheetsByTitle[title];
  },
  async set({ lead_id, field, value }) {
    await sheet.loadHeaderRow();
    const row = (await sheet.getRows()).find((one) => one.get('lead_id') === lead_id);
    if (!row || !sheet.headerValues.includes(field)) throw new Error(`not there: ${lead_id} ${field}`);
    row.set(field, value);
    await row.save();
  },
  async add({ values }) {
    await sheet.addRow(values);
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  try {
    await orders[order.do](order);
    console.log(JSON.stringify({ ok: true }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }));
  }
}
