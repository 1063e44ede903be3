/** Small charts without a library: drawn once, readable by a screen reader as the table below them. */
import type { Row } from '../../state/insights.ts';

const width = 640;
const height = 160;
const pad = 28;

/** Conversations (line) and those handed over (second line) by day. */
export function DayChart({ rows }: { rows: readonly Row[] }) {
  const most = Math.max(1, ...rows.map((row) => row.conversations));
  const x = (index: number) => pad + (rows.length <= 1 ? (width - 2 * pad) / 2 : (index * (width - 2 * pad)) / (rows.length - 1));
  const y = (value: number) => height - pad - (value / most) * (height - 2 * pad);
  const line = (values: readonly number[]) => values.map((value, index) => `${index === 0 ? 'M' : 'L'}${x(index)},${y(value)}`).join(' ');
  const labelled = rows.filter((_, index) => rows.length <= 8 || index % Math.ceil(rows.length / 8) === 0);
  return (
    <figure class="chart">
      <figcaption>
        每天的对话 <span class="key all">全部</span> <span class="key person">转人工</span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`每天的对话数，最多 ${most} 个`}>
        <line class="axis" x1={pad} y1={height - pad} x2={width - pad} y2={height - pad} />
        <text class="tick" x={pad - 6} y={y(most) + 4} text-anchor="end">
          {most}
        </text>
        <path class="line all" d={line(rows.map((row) => row.conversations))} />
        <path class="line person" d={line(rows.map((row) => row.handedOver))} />
        {rows.map((row, index) => (
          <circle key={row.key} class="dot" cx={x(index)} cy={y(row.conversations)} r={rows.length > 60 ? 1.5 : 3}>
            <title>{`${row.key}：${row.conversations} 个对话，${row.handedOver} 个转人工`}</title>
          </circle>
        ))}
        {labelled.map((row) => (
          <text key={row.key} class="tick" x={x(rows.indexOf(row))} y={height - 8} text-anchor="middle">
            {row.key.slice(5)}
          </text>
        ))}
      </svg>
    </figure>
  );
}

export interface Bar {
  readonly key: string;
  readonly label: string;
  readonly value: number;
  readonly note?: string;
}

/** Horizontal bars with their numbers; a table to a screen reader. */
export function Bars({ title, bars, unit }: { title: string; bars: readonly Bar[]; unit: string }) {
  const most = Math.max(1, ...bars.map((bar) => bar.value));
  return (
    <table class="bars">
      <caption>{title}</caption>
      <tbody>
        {bars.map((bar) => (
          <tr key={bar.key}>
            <th scope="row">{bar.label}</th>
            <td class="bar-cell">
              <span class="bar" style={`inline-size:${(bar.value / most) * 100}%`} aria-hidden="true" />
            </td>
            <td class="number">
              {bar.value.toLocaleString('zh-CN')} {unit}
            </td>
            <td class="hint">{bar.note ?? ''}</td>
          </tr>
        ))}
        {bars.length === 0 && (
          <tr>
            <td class="hint">这段时间没有数据</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
