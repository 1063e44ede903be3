/** Tables of the analysts' screens, and reading what they show. */
import { useEffect, useState } from 'preact/hooks';
import type { Answer } from '../../state/client.ts';

interface TableProps {
  caption: string;
  head: readonly string[];
  rows: readonly (readonly string[])[];
  /** Said where there are no rows. */
  empty?: string;
}

export function Table({ caption, head, rows, empty = '这段时间没有数据' }: TableProps) {
  return (
    <table class="lines">
      <caption class="hint">{caption}</caption>
      <Columns names={head} />
      <tbody>
        {rows.map((cells) => (
          <tr key={cells.join('|')}>{cells.map((cell, index) => (index === 0 ? <th scope="row">{cell}</th> : <td>{cell}</td>))}</tr>
        ))}
        {rows.length === 0 && (
          <tr>
            <td colSpan={head.length}>{empty}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

export const Columns = ({ names }: { names: readonly string[] }) => (
  <thead>
    <tr>
      {names.map((name) => (
        <th key={name} scope="col">
          {name}
        </th>
      ))}
    </tr>
  </thead>
);

/** Null until it is read, and where it could not be: the figures above say what went wrong. */
export function useRead<T>(read: () => Promise<Answer<T>>, on: readonly unknown[]): T | null {
  const [found, setFound] = useState<T | null>(null);
  useEffect(() => {
    let stale = false;
    setFound(null);
    void read().then((answer) => {
      if (!stale && answer.ok) setFound(answer.value);
    });
    return () => {
      stale = true;
    };
  }, [...on]);
  return found;
}
