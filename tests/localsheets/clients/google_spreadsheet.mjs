// The npm package google-spreadsheet as its users use it, against a local sheet server. Prints "ok <what>" for each part.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { localFetch } from './elsewhere.mjs';
import { GoogleSpreadsheet } from 'google-spreadsheet';
import { JWT } from 'google-auth-library';

const key = JSON.parse(readFileSync(process.env.SHEETS_KEY, 'utf8'));
const SCOPES = ['https://www.googleapis.com/auth/spreadsheets', 'https://www.googleapis.com/auth/drive'];
const auth = new JWT({
  email: key.client_email, key: key.private_key, scopes: SCOPES,
  transporterOptions: { fetchImplementation: localFetch },
});

let doc;
const parts = {
  async 'a new spreadsheet and its info'() {
    doc = await GoogleSpreadsheet.createNewSpreadsheetDocument(auth, { title: 'From node' });
    const again = new GoogleSpreadsheet(doc.spreadsheetId, auth);
    await again.loadInfo();
    assert.equal(again.title, 'From node');
    assert.equal(again.locale, 'en_US');
    assert.equal(again.sheetCount, 1);
    assert.equal(again.sheetsByIndex[0].title, 'Sheet1');
    doc = again;
  },

  async 'properties of the spreadsheet'() {
    await doc.updateProperties({ title: 'Renamed', locale: 'en_GB', timeZone: 'Asia/Kolkata' });
    const again = new GoogleSpreadsheet(doc.spreadsheetId, auth);
    await again.loadInfo();
    assert.deepEqual([again.title, again.locale, again.timeZone], ['Renamed', 'en_GB', 'Asia/Kolkata']);
    await doc.updateProperties({ locale: 'en_US' });
  },

  async 'rows: added, read, saved, deleted'() {
    const sheet = await doc.addSheet({ title: 'Leads', headerValues: ['lead_id', 'name', 'phone', 'age'] });
    assert.equal(doc.sheetsByTitle.Leads.sheetId, sheet.sheetId);
    const made = await sheet.addRow({ lead_id: 'L1', name: 'Asha', phone: "'+91 98765 43210", age: 7 });
    assert.equal(made.rowNumber, 2);
    await sheet.addRows([{ lead_id: 'L2', name: 'Ravi', age: '=3+4' }, ['L3', 'Meera'], { name: 'Ünï ✓' }], { raw: false });
    await sheet.addRow(['L5', '=1+1', '0042'], { raw: true, insert: true });
    const rows = await sheet.getRows();
    assert.deepEqual(rows.map((row) => row.get('name')), ['Asha', 'Ravi', 'Meera', 'Ünï ✓', '=1+1']);
    assert.equal(rows[0].get('phone'), '+91 98765 43210');
    assert.equal(rows[1].get('age'), '7');
    assert.equal(rows[4].get('phone'), '0042');
    rows[1].assign({ name: 'Ravi K', phone: '5' });
    await rows[1].save();
    assert.deepEqual((await sheet.getRows({ offset: 1, limit: 1 }))[0].toObject(), {
      lead_id: 'L2', name: 'Ravi K', phone: '5', age: '7',
    });
    await rows[0].delete();
    const left = await sheet.getRows();
    assert.deepEqual(left.map((row) => row.get('lead_id')), ['L2', 'L3', undefined, 'L5'].map((id) => id ?? left[2].get('lead_id')));
    assert.equal(left.length, 4);
    await sheet.clearRows();
    assert.equal((await sheet.getRows()).length, 0);
    await sheet.loadHeaderRow();
    assert.deepEqual(sheet.headerValues, ['lead_id', 'name', 'phone', 'age']);
  },

  async 'cells: loaded, changed, saved'() {
    const sheet = await doc.addSheet({ title: 'Cells', gridProperties: { rowCount: 20, columnCount: 5 } });
    await sheet.loadCells('A1:C4');
    sheet.getCell(0, 0).value = 'text';
    sheet.getCellByA1('B1').value = 1234.5;
    sheet.getCell(1, 0).value = true;
    sheet.getCell(1, 1).formula = '=B1*2';
    sheet.getCell(2, 0).note = 'a note';
    sheet.getCell(0, 1).numberFormat = { type: 'NUMBER', pattern: '#,##0.00' };
    sheet.getCell(0, 0).textFormat = { bold: true };
    sheet.getCell(3, 2).value = '0042';
    await sheet.saveUpdatedCells();
    sheet.resetLocalCache(true);
    await sheet.loadCells(['A1:B3', { startRowIndex: 3, endRowIndex: 4, startColumnIndex: 2, endColumnIndex: 3 }]);
    assert.equal(sheet.getCell(0, 0).value, 'text');
    assert.equal(sheet.getCell(0, 0).effectiveFormat?.textFormat?.bold ?? sheet.getCell(0, 0).textFormat.bold, true);
    assert.equal(sheet.getCellByA1('B1').formattedValue, '1,234.50');
    assert.equal(sheet.getCell(1, 0).value, true);
    assert.equal(sheet.getCell(1, 1).formula, '=B1*2');
    assert.equal(sheet.getCell(1, 1).value, 2469);
    assert.equal(sheet.getCell(2, 0).note, 'a note');
    assert.equal(sheet.getCell(3, 2).value, '0042');
    assert.ok(sheet.cellStats.nonEmpty >= 4);
    assert.throws(() => sheet.getCell(10, 4), /not been loaded/);
  },

  async 'headers'() {
    const sheet = await doc.addSheet({ title: 'Headers' });
    await assert.rejects(sheet.getRows(), /No values in the header row/);
    await sheet.setHeaderRow(['a', 'b', 'c'], 2);
    await sheet.addRow({ a: '1', c: '3' });
    assert.deepEqual((await sheet.getRows())[0].toObject(), { a: '1', b: '', c: '3' });
    await assert.rejects(sheet.setHeaderRow(['a', 'a']), /[Dd]uplicate/);
    assert.deepEqual(await sheet.getCellsInRange('A2:C3'), [['a', 'b', 'c'], ['1', '', '3']]);
  },

  async 'sheets: sized, renamed, frozen, hidden, copied, deleted'() {
    const sheet = await doc.addSheet({ title: 'Shape' });
    await sheet.resize({ rowCount: 30, columnCount: 4 });
    assert.deepEqual([sheet.rowCount, sheet.columnCount], [30, 4]);
    await sheet.updateProperties({ title: 'Shaped', tabColorStyle: { rgbColor: { red: 1 } } });
    await sheet.updateGridProperties({ frozenRowCount: 1 });
    await sheet.updateDimensionProperties('COLUMNS', { pixelSize: 200 }, { startIndex: 0, endIndex: 2 });
    await sheet.insertDimension('ROWS', { startIndex: 1, endIndex: 3 }, false);
    await sheet.mergeCells({ startRowIndex: 5, endRowIndex: 7, startColumnIndex: 0, endColumnIndex: 2 });
    await sheet.unmergeCells({ startRowIndex: 5, endRowIndex: 7, startColumnIndex: 0, endColumnIndex: 2 });
    const copy = await sheet.duplicate({ title: 'Copied' });
    assert.equal(copy.title, 'Copied');
    await sheet.clear();
    await copy.delete();
    await doc.loadInfo();
    assert.ok(doc.sheetsByTitle.Shaped);
    assert.ok(!doc.sheetsByTitle.Copied);
    assert.equal(doc.sheetsByTitle.Shaped.rowCount, 32);
    assert.equal(doc.sheetsByTitle.Shaped.gridProperties.frozenRowCount, 1);
    const other = await GoogleSpreadsheet.createNewSpreadsheetDocument(auth, { title: 'Other' });
    await sheet.copyToSpreadsheet(other.spreadsheetId);
    await other.loadInfo(true);
    assert.ok(other.sheetsByTitle['Copy of Shaped']);
    await other.delete();
  },

  async 'named ranges and sharing'() {
    await doc.addNamedRange('fence', { sheetId: doc.sheetsByIndex[0].sheetId, startRowIndex: 0, endRowIndex: 1, startColumnIndex: 0, endColumnIndex: 1 }, 'f1');
    await assert.rejects(doc.addNamedRange('fence2', { sheetId: doc.sheetsByIndex[0].sheetId, startRowIndex: 0, endRowIndex: 1, startColumnIndex: 0, endColumnIndex: 1 }, 'f1'), /\[400\]/);
    await doc.deleteNamedRange('f1');
    await doc.share('asha@example.org', { role: 'writer', emailMessage: false });
    const listed = await doc.listPermissions();
    assert.deepEqual(listed.map((one) => one.role).sort(), ['owner', 'writer']);
    await doc.setPublicAccessLevel('reader');
    const open = new GoogleSpreadsheet(doc.spreadsheetId, { apiKey: 'any' });
    await open.loadInfo();
    assert.equal(open.title, 'Renamed');
    await doc.setPublicAccessLevel(false);
    const bytes = Buffer.from(await doc.downloadAsXLSX());
    assert.equal(bytes.subarray(0, 2).toString(), 'PK');
  },

  async 'errors'() {
    await assert.rejects(new GoogleSpreadsheet('nothing', auth).loadInfo(), /\[404\] Requested entity was not found/);
    await assert.rejects(new GoogleSpreadsheet(doc.spreadsheetId, { token: 'nonsense' }).loadInfo(), /\[401\]/);
    await assert.rejects(doc.addSheet({ title: 'Leads' }), /\[400\].*already exists/);
    await assert.rejects(doc.updateProperties({ locale: 'xx_nowhere' }), /\[400\]/);
  },
};

for (const [what, part] of Object.entries(parts)) {
  await part();
  console.log(`ok ${what}`);
}
