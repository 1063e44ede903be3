/** What a number in a sheet means by its format: a date, a time, a percentage, a code with leading zeros. Source: ECMA-376 part 1, 18.8.30. */

export type CellFormat = 'date' | 'time' | 'datetime' | 'percent' | { readonly digits: number } | 'plain';

/** The format of a number format id; `custom` holds the file's own codes. Ids 27–36 and 50–58 are Chinese date formats. */
export function formatOfNumber(id: number, custom: ReadonlyMap<number, string>): CellFormat {
  const code = custom.get(id);
  if (code !== undefined) return formatOfCode(code);
  if (id === 9 || id === 10) return 'percent';
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58)) return 'date';
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47)) return 'time';
  return id === 22 ? 'datetime' : 'plain';
}

function formatOfCode(code: string): CellFormat {
  // Quoted words, escaped signs, colours and conditions say nothing about the kind; [h] counts hours.
  const bare = (code.split(';')[0] ?? '')
    .replace(/"[^"]*"|\\.|_./g, '')
    .replace(/\[(?![hms]+\])[^\]]*\]/gi, '')
    .toLowerCase();
  if (/^0+$/.test(bare)) return bare.length > 1 ? { digits: bare.length } : 'plain';
  if (bare.includes('%')) return 'percent';
  const [date, time] = [/[yd]/.test(bare) || /^m+$/.test(bare), /[hs]/.test(bare)];
  if (bare.includes('general')) return 'plain';
  return date ? (time ? 'datetime' : 'date') : time ? 'time' : 'plain';
}

/** The number of a cell as people read it. Numbers that are no date in a date format stay as they are. */
export function numberText(raw: string, format: CellFormat, date1904: boolean): string {
  const value = Number(raw);
  if (raw.trim() === '' || !Number.isFinite(value)) return raw;
  if (typeof format === 'object') return String(value).padStart(format.digits, '0');
  if (format === 'plain') return plain(value);
  if (format === 'percent') return `${plain(value * 100)}%`;
  return dateText(value, format, date1904) ?? plain(value);
}

/** 0.1 + 0.2 as 0.3: spreadsheets keep 15 significant digits. */
function plain(value: number): string {
  return String(Number(value.toPrecision(15)));
}

function dateText(serial: number, format: CellFormat, date1904: boolean): string | undefined {
  // 1900 counts a 29 February that never was: days before it are one off. 1904 starts at zero.
  const days = date1904 ? serial + 1462 : serial < 60 ? serial + 1 : serial;
  if (serial < 0 || days > 2_958_466) return undefined;
  const iso = new Date(Math.round((days - 25_569) * 86_400) * 1000).toISOString();
  const [date, time] = [iso.slice(0, 10), iso.slice(11, 16)];
  if (format === 'time') return serial < 1 ? time : undefined;
  return format === 'datetime' && time !== '00:00' ? `${date} ${time}` : date;
}
