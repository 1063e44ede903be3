/** A soak as a picture: latency above, memory below, time to the right. Plain SVG, no script. */
import type { SoakPoint } from './soak.ts';

const size = { width: 800, height: 476, left: 64, right: 16, top: 50, panel: 160, gap: 56 };

/** `title` and `about` (the machine) are plain text. */
export function soakPlot(points: readonly SoakPoint[], title: string, about = ''): string {
  const minutes = points.map(({ at }) => at / 60);
  const latency = panel(minutes, size.top, 'latency, ms', [
    { name: 'p95', colour: '#b45309', values: points.map(({ p95 }) => p95) },
    { name: 'p50', colour: '#1d4ed8', values: points.map(({ p50 }) => p50) },
  ]);
  const memory = panel(minutes, size.top + size.panel + size.gap, 'memory, MB', [
    { name: 'RSS', colour: '#047857', values: points.map(({ rssMegabytes }) => rssMegabytes) },
  ]);
  const style = 'text{font:12px sans-serif;fill:#1f2937}line{stroke:#d1d5db}polyline{fill:none;stroke-width:1.5}';
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escaped(title)}"><style>${style}</style><rect width="100%" height="100%" fill="#fff"/><text x="${size.left}" y="14">${escaped(title)}</text><text x="${size.left}" y="28" style="font-size:10px">${escaped(about)}</text>${latency}${memory}</svg>\n`;
}

interface Line {
  readonly name: string;
  readonly colour: string;
  readonly values: readonly number[];
}

function panel(minutes: readonly number[], top: number, label: string, lines: readonly Line[]): string {
  const most = Math.max(1e-9, ...lines.flatMap(({ values }) => values.filter(Number.isFinite))) * 1.1;
  const last = Math.max(1e-9, ...minutes);
  const inner = size.width - size.left - size.right;
  const x = (minute: number) => (size.left + (minute / last) * inner).toFixed(1);
  const y = (value: number) => (top + size.panel - (value / most) * size.panel).toFixed(1);
  const rules = [0, 0.5, 1].map((share) => {
    const value = most * share;
    return `<line x1="${size.left}" x2="${size.width - size.right}" y1="${y(value)}" y2="${y(value)}"/><text x="${size.left - 6}" y="${y(value)}" text-anchor="end" dy="4">${value.toFixed(value < 10 ? 1 : 0)}</text>`;
  });
  const times = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<text x="${x(last * share)}" y="${top + size.panel + 18}" text-anchor="${share === 1 ? 'end' : 'middle'}">${(last * share).toFixed(last < 4 ? 1 : 0)} min</text>`,
  );
  const drawn = lines.map(({ name, colour, values }, i) => {
    const dots = values.flatMap((value, at) => (Number.isFinite(value) ? [`${x(minutes[at] as number)},${y(value)}`] : []));
    const words = `<text x="${size.left + 90 + i * 50}" y="${top - 6}" style="fill:${colour}">${name}</text>`;
    return `<polyline stroke="${colour}" points="${dots.join(' ')}"/>${words}`;
  });
  return `<text x="${size.left}" y="${top - 6}">${label}</text>${rules.join('')}${times.join('')}${drawn.join('')}`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
